import * as Flags from '@oclif/core/flags';
import { BATCH_RANGES } from '../batching/batch.js';
import { type OnFailure, parseOnFailure } from '../consume/on-failure.js';
import { parsePosition } from '../stream/position.js';
import type { Position } from '../stream/shard-position.js';
import { durationFlag, integerFlag, readWith } from './flags.js';

const range = ([min, max]: readonly [number, number]) => ({ min, max });
const HANDLER = 'HANDLER';
const BATCHES = 'BATCHES';
const FAILURES = 'FAILURES';
const STOP = 'POSITION AND END';

/** The flags of `pipectl consume`: what handles the records, in which batches, what a failure leads to, and when it ends. */
export const consumeFlags = {
  handler: Flags.string({
    description: 'Node or Python module, or an executable that speaks the Runtime API.',
    helpValue: 'FILE[:EXPORT]',
    helpGroup: HANDLER,
    exclusive: ['exec', 'function'],
  }),
  exec: Flags.string({
    description: 'Command that speaks the Lambda Runtime API.',
    helpValue: 'CMD',
    helpGroup: HANDLER,
    exclusive: ['function'],
  }),
  function: Flags.string({ description: 'Invoke a deployed function.', helpValue: 'NAME', helpGroup: HANDLER }),
  timeout: durationFlag({
    description: 'Time-out of an invocation (default 30s).',
    helpValue: 'TIME',
    helpGroup: HANDLER,
  }),
  memory: integerFlag({
    description: 'Memory of a handler process, MB (default 1024).',
    helpValue: 'MB',
    helpGroup: HANDLER,
    min: 128,
    max: 10_240,
  }),
  env: Flags.string({
    description: 'Environment variable; NAME alone copies yours (repeatable).',
    helpValue: 'NAME[=VALUE]',
    helpGroup: HANDLER,
    multiple: true,
  }),
  'env-file': Flags.string({ description: 'File of NAME=VALUE lines.', helpValue: 'FILE', helpGroup: HANDLER }),
  watch: Flags.boolean({ description: 'Restart the handler when its files change.', helpGroup: HANDLER }),
  inspect: Flags.boolean({
    description: 'Debug a Node handler at 127.0.0.1:9229; turns time-outs off.',
    helpGroup: HANDLER,
  }),
  'batch-size': integerFlag({
    description: 'Most records in a batch (default 100).',
    helpValue: 'N',
    helpGroup: BATCHES,
    ...range(BATCH_RANGES.batchSize),
  }),
  window: durationFlag({ description: 'Batching window (default 0s).', helpValue: 'TIME', helpGroup: BATCHES }),
  parallelization: integerFlag({
    description: 'Concurrent batches of a shard, in order per key (default 1).',
    helpValue: 'N',
    helpGroup: BATCHES,
    ...range(BATCH_RANGES.parallelization),
  }),
  filter: Flags.string({
    description: 'Only records that match this mapping filter (repeatable).',
    helpValue: 'PATTERN',
    helpGroup: BATCHES,
    multiple: true,
  }),
  'tumbling-window': durationFlag({
    description: 'Length of tumbling windows.',
    helpValue: 'TIME',
    helpGroup: BATCHES,
  }),
  like: Flags.string({
    description: "Take the settings of this deployed function's mapping.",
    helpValue: 'FUNCTION',
    helpGroup: BATCHES,
    exclusive: ['template'],
  }),
  template: Flags.string({
    description: 'Take the settings of a CloudFormation, SAM or Serverless file.',
    helpValue: 'FILE:LOGICALID',
    helpGroup: BATCHES,
  }),
  retries: integerFlag({
    description: 'Retries of a failed batch; -1 until it expires (default).',
    helpValue: 'N',
    helpGroup: FAILURES,
    ...range(BATCH_RANGES.maximumRetryAttempts),
  }),
  bisect: Flags.boolean({ description: 'Split a failed batch in two and retry.', helpGroup: FAILURES }),
  'report-item-failures': Flags.boolean({
    description: 'Read batchItemFailures from the answer.',
    helpGroup: FAILURES,
  }),
  'max-age': durationFlag({ description: 'Give up older records: 60s to 7d.', helpValue: 'TIME', helpGroup: FAILURES }),
  'on-failure': Flags.custom<OnFailure>({ parse: readWith(parseOnFailure) })({
    description: 'Where batches go that are given up.',
    helpValue: 'FILE|STREAM|s3://BUCKET',
    helpGroup: FAILURES,
  }),
  from: Flags.custom<Position>({ parse: readWith(parsePosition) })({
    description: 'latest (default), trim-horizon, 5m, time, SHARD:SEQUENCE.',
    helpValue: 'POSITION',
    helpGroup: STOP,
  }),
  checkpoint: Flags.string({
    description: 'Save the position, and resume from it.',
    helpValue: 'FILE',
    helpGroup: STOP,
  }),
  once: Flags.boolean({
    description: 'Process what is in the stream now, then stop.',
    helpGroup: STOP,
  }),
  limit: integerFlag({ description: 'Stop after N records.', helpValue: 'N', helpGroup: STOP, min: 1 }),
  'idle-exit': durationFlag({
    description: 'Stop when no record arrives for this long: 10s.',
    helpValue: 'TIME',
    helpGroup: STOP,
  }),
  record: Flags.string({ description: 'Add each event to this file.', helpValue: 'FILE', helpGroup: STOP }),
  replay: Flags.string({
    description: 'Hand the events of this file to the handler, once.',
    helpValue: 'FILE',
    helpGroup: STOP,
    exclusive: ['record', 'checkpoint', 'from', 'once', 'limit', 'idle-exit', 'on-failure'],
  }),
};
