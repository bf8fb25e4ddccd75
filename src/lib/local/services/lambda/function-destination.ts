import type { Destination } from '../../ports.js';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { EVENT_PAYLOAD_BYTES } from './invoke.js';
import { letsInvoke } from './invoke-permission.js';

/** Functions as destinations: a message is the payload of an asynchronous invocation. */
export const functionDestination = ({ calls }: ServiceEnvironment): Destination => ({
  accepts: ({ resource }) => resource.startsWith('function:'),
  mostBytes: EVENT_PAYLOAD_BYTES,
  async check(arn, sender) {
    const { lambda } = calls(sender.region);
    await lambda.GetFunctionConfiguration({ FunctionName: arn });
    const policy = await lambda.GetPolicy({ FunctionName: arn }).then(
      (answer) => answer.Policy ?? '{}',
      () => '{}',
    );
    if (letsInvoke(policy, sender)) return;
    throw new AwsError(
      'AccessDeniedException',
      `its policy does not let ${sender.service}.amazonaws.com invoke it for ${sender.sourceArn} (lambda add-permission)`,
    );
  },
  async deliver(arn, { body }, { region }) {
    await calls(region).lambda.Invoke({ FunctionName: arn, InvocationType: 'Event', Payload: body });
  },
});
