import { RECORD_KIB } from '../../../../stream/capacity.js';
import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { STREAM_BY_ARN } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireActive } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...STREAM_BY_ARN,
  MaxRecordSizeInKiB: { range: [RECORD_KIB.min, RECORD_KIB.max] },
};

/** UpdateMaxRecordSize: for records that arrive once the stream is ACTIVE again. */
export const updateMaxRecordSize =
  (state: KinesisState): Handler<'kinesis', 'UpdateMaxRecordSize'> =>
  (input, context) => {
    validate(input, CONSTRAINTS);
    const stream = state.stream(input, context);
    requireActive(stream, context);
    state.update(stream, () => {
      stream.maxRecordKib = input.MaxRecordSizeInKiB;
    });
    return {};
  };
