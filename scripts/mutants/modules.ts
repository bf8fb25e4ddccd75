/** Modules that people trust, and the tests that must notice a fault in them: quick ones, without an endpoint where there are such. */
export interface MutatedModule {
  name: string;
  files: readonly string[];
  tests: readonly string[];
}

const inFolder = (folder: string, ...names: string[]): string[] => names.map((name) => `${folder}/${name}.ts`);
const e2e = (...names: string[]): string[] => inFolder('src/lib/e2e', ...names);
const stream = (...names: string[]): string[] => inFolder('src/lib/stream', ...names);
const produce = (...names: string[]): string[] => inFolder('src/lib/produce', ...names);

export const MUTATED: readonly MutatedModule[] = [
  {
    name: 'ledger',
    files: e2e('ledger', 'hop-sightings', 'hop-tree', 'find-reordered'),
    tests: ['test/e2e/ledger.test.ts'],
  },
  { name: 'judge', files: e2e('judge'), tests: ['test/e2e/judge.test.ts'] },
  {
    name: 'marker',
    files: e2e('marker', 'plain-markers', 'encoded-text'),
    tests: ['test/e2e/small-parts.test.ts'],
  },
  { name: 'read-shard', files: stream('read-shard', 'read-pace'), tests: ['test/stream/read-shard.test.ts'] },
  {
    name: 'walk-shards',
    files: stream('walk-shards', 'lineage'),
    tests: ['test/stream/walk-shards.test.ts', 'test/stream/lineage.test.ts'],
  },
  { name: 'push-shard', files: stream('push-shard'), tests: ['test/stream/push-shard.test.ts'] },
  {
    name: 'tail',
    files: inFolder('src/lib/tail', 'checkpoint', 'position', 'tail-stats', 'select-fields'),
    tests: ['test/tail/parts.test.ts'],
  },
  {
    name: 'load-sender',
    files: produce('load-sender', 'settle-call', 'retry-queue'),
    tests: ['test/produce/load-sender.test.ts'],
  },
  { name: 'put-answer', files: produce('put-answer'), tests: ['test/produce/put-answer.test.ts'] },
  { name: 'fillers', files: produce('batch-filler', 'aggregate-filler'), tests: ['test/produce/fillers.test.ts'] },
  { name: 'meter', files: produce('meter'), tests: ['test/produce/meter.test.ts'] },
  {
    name: 'batching',
    files: inFolder('src/lib/batching', 'batch', 'lane', 'lanes', 'read-answer', 'tumbling-window'),
    tests: inFolder('test/batching', 'lane.test', 'lanes.test', 'read-answer.test'),
  },
  {
    name: 'logs delivery',
    files: inFolder('src/lib/local/services/cloudwatch-logs', 'delivery', 'envelope'),
    tests: inFolder('test/local/services/cloudwatch-logs', 'delivery.test', 'envelope.test'),
  },
  {
    name: 'stacks',
    files: inFolder('src/lib/local/services/cloudformation', 'plan-changes', 'run/update-run', 'run/converge'),
    tests: inFolder('test/local/services/cloudformation', 'change-sets.test', 'rollbacks.test', 'stacks.test'),
  },
  {
    name: 'filter patterns',
    files: inFolder(
      'src/lib/shared/filter-pattern',
      ...['bit-automaton', 'boolean-expression', 'comparison', 'json-pattern', 'json-selector', 'linear-regex'],
      ...['pattern-scanner', 'regex-term', 'space-delimited-pattern', 'split-fields', 'term-pattern'],
    ),
    tests: inFolder('test/shared/filter-pattern', 'filter-pattern.test', 'linear-regex.test', 'split-fields.test'),
  },
  {
    name: 'decode',
    files: inFolder(
      'src/lib/decode',
      ...['bare-snappy', 'base64-layer', 'decode-record', 'decompress', 'json-budget', 'json-sequence'],
      ...['kpl-aggregate', 'logs-envelope', 'schema-header', 'snappy-block', 'snappy-frames', 'utf8-text', 'avro'],
    ),
    tests: inFolder('test/decode', 'decode-record.test', 'schema-messages.test'),
  },
];
