import { defineOperation } from '../../../define-operation.js';
// Resource policies are kept and handed back; nobody is refused by them, as there is one account and no IAM check here.
import { invalidArgument, notFound } from '../aws-errors.js';
import { ONE_RESOURCE } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { resourceByArn } from '../resource.js';

/** PutResourcePolicy. */
export const putResourcePolicy = defineOperation('kinesis', 'PutResourcePolicy').as({
  constraints: ONE_RESOURCE,
  run(state: KinesisState, input, context) {
    const resource = resourceByArn(state, input.ResourceARN, context);
    if (!isPolicy(input.Policy)) {
      throw invalidArgument('The resource policy is not a JSON object with a Statement.');
    }
    resource.policy = input.Policy;
    return {};
  },
});

/** GetResourcePolicy: an empty object where there is none. */
export const getResourcePolicy = defineOperation('kinesis', 'GetResourcePolicy').as({
  constraints: ONE_RESOURCE,
  run: (state: KinesisState, input, context) => ({
    Policy: resourceByArn(state, input.ResourceARN, context).policy ?? '{}',
  }),
});

/** DeleteResourcePolicy. */
export const deleteResourcePolicy = defineOperation('kinesis', 'DeleteResourcePolicy').as({
  constraints: ONE_RESOURCE,
  run(state: KinesisState, input, context) {
    const resource = resourceByArn(state, input.ResourceARN, context);
    if (resource.policy === undefined) {
      throw notFound(`No resource policy found for resource ARN ${input.ResourceARN}.`);
    }
    resource.policy = undefined;
    return {};
  },
});

function isPolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === 'object' && policy !== null && 'Statement' in policy;
  } catch {
    return false;
  }
}
