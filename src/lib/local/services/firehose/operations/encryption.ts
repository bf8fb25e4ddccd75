import { defineOperation } from '../../../define-operation.js';
import type { FirehoseState } from '../firehose-state.js';

export const startDeliveryStreamEncryption = defineOperation('firehose', 'StartDeliveryStreamEncryption').as({
  gaps: ['Encryption is remembered and shown; nothing is encrypted.'],
  run(state: FirehoseState, { DeliveryStreamName: name, DeliveryStreamEncryptionConfigurationInput: given }, context) {
    const { KeyType = 'AWS_OWNED_CMK', KeyARN } = given ?? {};
    state.stream(name, context).encryption = { KeyType, KeyARN };
    return {};
  },
});

export const stopDeliveryStreamEncryption = defineOperation('firehose', 'StopDeliveryStreamEncryption').as({
  run(state: FirehoseState, { DeliveryStreamName: name }, context) {
    state.stream(name, context).encryption = undefined;
    return {};
  },
});
