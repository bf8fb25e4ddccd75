import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { invalidArgument } from '../aws-errors.js';
import { ONE_STREAM } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireActive } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  EncryptionType: { enum: ['NONE', 'KMS'] },
  KeyId: { min: 1, max: 2048 },
};

/** StartStreamEncryption: records say so from then on; nothing is encrypted in a process's own memory. */
export const startStreamEncryption =
  (state: KinesisState): Handler<'kinesis', 'StartStreamEncryption'> =>
  (input, context) => {
    validate(input, CONSTRAINTS);
    requireKms(input.EncryptionType);
    const stream = state.stream(input, context);
    requireActive(stream, context);
    state.update(stream, () => {
      stream.encryption = 'KMS';
      stream.keyId = input.KeyId;
    });
    return {};
  };

/** StopStreamEncryption: records that are stored already keep their mark. */
export const stopStreamEncryption =
  (state: KinesisState): Handler<'kinesis', 'StopStreamEncryption'> =>
  (input, context) => {
    validate(input, CONSTRAINTS);
    requireKms(input.EncryptionType);
    const stream = state.stream(input, context);
    requireActive(stream, context);
    state.update(stream, () => {
      stream.encryption = 'NONE';
      stream.keyId = undefined;
    });
    return {};
  };

function requireKms(type: string): void {
  if (type !== 'KMS') throw invalidArgument('The only valid value of EncryptionType is KMS.');
}
