import type { MetricsName } from '@aws-sdk/client-kinesis';
import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { ONE_STREAM } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import type { Stream } from '../stream.js';
import { requireActive } from '../stream-state.js';

const METRICS: readonly MetricsName[] = [
  'IncomingBytes',
  'IncomingRecords',
  'IteratorAgeMilliseconds',
  'OutgoingBytes',
  'OutgoingRecords',
  'ReadProvisionedThroughputExceeded',
  'WriteProvisionedThroughputExceeded',
];
const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  ShardLevelMetrics: { min: 1, max: 7, item: { enum: [...METRICS, 'ALL'] } },
};

/** EnableEnhancedMonitoring: UPDATING at once, then remembered and shown; the endpoint has no shard-level metrics to publish. */
export const enableEnhancedMonitoring = defineOperation('kinesis', 'EnableEnhancedMonitoring').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireActive(stream, context);
    const named = expand(input.ShardLevelMetrics);
    return setMetrics(
      state,
      stream,
      METRICS.filter((name) => stream.metrics.includes(name) || named.includes(name)),
    );
  },
});

/** DisableEnhancedMonitoring. */
export const disableEnhancedMonitoring = defineOperation('kinesis', 'DisableEnhancedMonitoring').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireActive(stream, context);
    const named = expand(input.ShardLevelMetrics);
    return setMetrics(
      state,
      stream,
      stream.metrics.filter((name) => !named.includes(name)),
    );
  },
});

const expand = (names: readonly MetricsName[]): readonly MetricsName[] => (names.includes('ALL') ? METRICS : names);

function setMetrics(
  state: KinesisState,
  stream: Stream,
  desired: MetricsName[],
): {
  StreamName: string;
  StreamARN: string;
  CurrentShardLevelMetrics: MetricsName[];
  DesiredShardLevelMetrics: MetricsName[];
} {
  const current = stream.metrics;
  state.update(stream, () => {
    stream.metrics = desired;
  });
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: [...current],
    DesiredShardLevelMetrics: [...desired],
  };
}
