// Resource policies are kept and handed back; nobody is refused by them, as there is one account and no IAM check here.
import type { Handler } from '../../../wire/handlers.js';
import { validate } from '../../../wire/validate.js';
import { invalidArgument, notFound } from '../aws-errors.js';
import { ONE_RESOURCE } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { resourceByArn } from '../resource.js';

/** PutResourcePolicy. */
export const putResourcePolicy =
  (state: KinesisState): Handler<'kinesis', 'PutResourcePolicy'> =>
  (input, context) => {
    validate(input, ONE_RESOURCE);
    const resource = resourceByArn(state, input.ResourceARN, context);
    if (!isPolicy(input.Policy)) {
      throw invalidArgument('The resource policy is not a JSON object with a Statement.');
    }
    resource.policy = input.Policy;
    return {};
  };

/** GetResourcePolicy: an empty object where there is none. */
export const getResourcePolicy =
  (state: KinesisState): Handler<'kinesis', 'GetResourcePolicy'> =>
  (input, context) => {
    validate(input, ONE_RESOURCE);
    return { Policy: resourceByArn(state, input.ResourceARN, context).policy ?? '{}' };
  };

/** DeleteResourcePolicy. */
export const deleteResourcePolicy =
  (state: KinesisState): Handler<'kinesis', 'DeleteResourcePolicy'> =>
  (input, context) => {
    validate(input, ONE_RESOURCE);
    const resource = resourceByArn(state, input.ResourceARN, context);
    if (resource.policy === undefined) {
      throw notFound(`No resource policy found for resource ARN ${input.ResourceARN}.`);
    }
    resource.policy = undefined;
    return {};
  };

function isPolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === 'object' && policy !== null && 'Statement' in policy;
  } catch {
    return false;
  }
}
