import { RECORD_KIB } from '../../../../stream/capacity.js';
import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { STREAM_BY_ARN } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireActive } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...STREAM_BY_ARN,
  MaxRecordSizeInKiB: { range: [RECORD_KIB.min, RECORD_KIB.max] },
};

/** UpdateMaxRecordSize: for records that arrive once the stream is ACTIVE again. */
export const updateMaxRecordSize = defineOperation('kinesis', 'UpdateMaxRecordSize').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireActive(stream, context);
    state.update(stream, () => {
      stream.maxRecordKib = input.MaxRecordSizeInKiB;
    });
    return {};
  },
});
