import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument } from '../aws-errors.js';
import { ONE_STREAM } from '../constraints.js';
import { countCallOfDay } from '../day-limit.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireActive } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  EncryptionType: { enum: ['NONE', 'KMS'] },
  KeyId: { min: 1, max: 2048 },
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StartStreamEncryption.html, and the same of stopping. */
const CHANGES_PER_DAY = 25;

/** A key's id or ARN, an alias or its ARN: the forms that the API's reference lists. */
const KEY_FORMS =
  /^(arn:aws[\w-]*:kms:[\w-]*:\d{12}:)?(alias\/[\w/-]+|key\/[\w-]+)$|^(mrk-[\da-f]{32}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** StartStreamEncryption: records say so from then on; nothing is encrypted in a process's own memory. */
export const startStreamEncryption = defineOperation('kinesis', 'StartStreamEncryption').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    checkEncryption(input);
    const stream = state.stream(input, context);
    requireActive(stream, context);
    const call = { operation: 'StartStreamEncryption', stream, context };
    countCallOfDay(state, stream.encryptionMs.started, CHANGES_PER_DAY, call);
    state.update(stream, () => {
      stream.encryption = 'KMS';
      stream.keyId = input.KeyId;
    });
    return {};
  },
});

/** StopStreamEncryption: records that are stored already keep their mark. */
export const stopStreamEncryption = defineOperation('kinesis', 'StopStreamEncryption').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    checkEncryption(input);
    const stream = state.stream(input, context);
    requireActive(stream, context);
    const call = { operation: 'StopStreamEncryption', stream, context };
    countCallOfDay(state, stream.encryptionMs.stopped, CHANGES_PER_DAY, call);
    state.update(stream, () => {
      stream.encryption = 'NONE';
      stream.keyId = undefined;
    });
    return {};
  },
});

function checkEncryption({ EncryptionType, KeyId }: { EncryptionType: string; KeyId: string }): void {
  if (EncryptionType !== 'KMS') throw invalidArgument('The only valid value of EncryptionType is KMS.');
  if (!KEY_FORMS.test(KeyId)) throw new AwsError('KMSNotFoundException', `Invalid keyId '${KeyId}'`);
}
