import * as Flags from '@oclif/core/flags';
import { integerFlag } from './flags.js';
import { tailFlags } from './tail-flags.js';

const {
  from,
  since,
  until,
  'idle-exit': idleExit,
  shard,
  key,
  decode,
  'schema-file': schemaFile,
  filter,
  checkpoint,
  'fan-out': fanOut,
} = tailFlags;

/** The flags of `pipectl sql`: what it reads, as `tail` does; what the records hold; where the rows go. */
export const sqlFlags = {
  file: Flags.string({ description: 'Read the SQL from this file.', helpValue: 'FILE' }),
  columns: Flags.string({
    description: "Fields and types: 'id VARCHAR(16), price DECIMAL(10,2)'.",
    helpValue: 'LIST',
    exclusive: ['schema'],
  }),
  schema: Flags.string({
    description: "The columns as JSON, or an application's InputSchema.",
    helpValue: 'FILE',
  }),
  from,
  since,
  until,
  limit: integerFlag({ char: 'n', description: 'Stop after N rows.', helpValue: 'N', min: 1 }),
  'idle-exit': idleExit,
  shard,
  key,
  decode,
  'schema-file': schemaFile,
  filter,
  'fan-out': fanOut,
  csv: Flags.boolean({ description: 'Print rows as CSV.', exclusive: ['json'] }),
  into: Flags.string({
    description: 'Write rows to stream:NAME, function:NAME or FILE.',
    helpValue: 'WHERE',
  }),
  checkpoint,
  explain: Flags.boolean({ description: 'Print the plan; run nothing.', exclusive: ['print'] }),
  print: Flags.string({ description: 'Print the query as a Flink job; run nothing.', options: ['flink'] }),
  engine: Flags.string({
    description: 'What runs the query (default embedded).',
    options: ['embedded', 'flink'],
  }),
  flink: Flags.string({ description: 'URL of a Flink cluster.', helpValue: 'URL' }),
};
