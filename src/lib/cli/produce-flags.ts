import * as Flags from '@oclif/core/flags';
import { SCHEMA_NAMES } from '../produce/data/schema-names.js';
import { type KeyPlan, parseKeyPlan } from '../produce/partition-keys.js';
import { parseBurst, parseRamp } from '../produce/ramp.js';
import type { Burst, Ramp } from '../produce/rate.js';
import { parseSpeed } from '../produce/speed.js';
import { parseRate, type Rate } from '../shared/rate.js';
import { byteSizeFlag, createFlag, durationFlag, integerFlag, readWith } from './flags.js';

/** The flags of `pipectl produce`: how fast, what, and how it is sent. */
export const produceFlags = {
  rate: Flags.custom<Rate>({ parse: readWith(parseRate) })({
    helpGroup: 'RATE',
    description: 'Rate: 1000/s, 90/m, 2MB/s, max (default 1000/s; max with --from).',
    helpValue: 'RATE',
  }),
  ramp: Flags.custom<Ramp>({ parse: readWith(parseRamp) })({
    helpGroup: 'RATE',
    description: 'Change the rate over time, then hold: 0:3000:60s.',
    helpValue: 'FROM:TO:TIME',
    exclusive: ['rate', 'burst'],
  }),
  burst: Flags.custom<Burst>({ parse: readWith(parseBurst) })({
    helpGroup: 'RATE',
    description: 'Repeat a burst: 5000:2s:30s.',
    helpValue: 'RATE:LENGTH:EVERY',
  }),
  duration: durationFlag({ helpGroup: 'RATE', description: 'Stop after this time: 60s, 5m, 1h.', helpValue: 'TIME' }),
  count: integerFlag({ helpGroup: 'RATE', description: 'Stop after N records.', helpValue: 'N', min: 1 }),
  schema: Flags.string({
    helpGroup: 'DATA',
    description: `Built-in data (default ${SCHEMA_NAMES[0]}).`,
    options: [...SCHEMA_NAMES],
    exclusive: ['template', 'from'],
  }),
  template: Flags.string({
    helpGroup: 'DATA',
    description: 'Template with {{expressions}}: JSON, YAML or text.',
    helpValue: 'FILE|JSON',
    exclusive: ['from'],
  }),
  from: Flags.string({
    helpGroup: 'DATA',
    description: 'Send each line of a file or of stdin (-).',
    helpValue: 'FILE|-',
  }),
  data: Flags.string({
    helpGroup: 'DATA',
    description: 'Send this one record: JSON or text.',
    helpValue: 'TEXT',
    exclusive: [
      'rate',
      'ramp',
      'burst',
      'duration',
      'count',
      'schema',
      'template',
      'from',
      'size',
      'seed',
      'partition-key',
    ],
  }),
  key: Flags.string({
    helpGroup: 'DATA',
    description: 'Partition key of --data (default random).',
    helpValue: 'KEY',
    dependsOn: ['data'],
  }),
  text: Flags.boolean({
    helpGroup: 'DATA',
    description: 'Treat --from lines as text, not as JSON.',
    dependsOn: ['from'],
  }),
  'time-field': Flags.string({
    helpGroup: 'DATA',
    description: 'Replay --from at the pace of these timestamps.',
    helpValue: 'FIELD',
    dependsOn: ['from'],
    exclusive: ['rate', 'ramp', 'burst', 'text'],
  }),
  speed: Flags.custom<number>({ parse: readWith(parseSpeed) })({
    helpGroup: 'DATA',
    description: 'Replay speed with --time-field (default 1).',
    helpValue: 'FACTOR',
    dependsOn: ['time-field'],
  }),
  seed: integerFlag({
    helpGroup: 'DATA',
    description: 'Generate the same records on every run.',
    helpValue: 'N',
    min: 0,
  }),
  size: byteSizeFlag({ helpGroup: 'DATA', description: 'Pad each record to this size: 1KiB.', helpValue: 'SIZE' }),
  'partition-key': Flags.custom<KeyPlan>({ parse: readWith(parseKeyPlan) })({
    helpGroup: 'DELIVERY',
    description: 'random (default), field:NAME, fixed:KEY, zipf:1.2.',
    helpValue: 'HOW',
  }),
  ordered: Flags.boolean({ helpGroup: 'DELIVERY', description: 'Preserve record order per partition key.' }),
  aggregate: Flags.boolean({ helpGroup: 'DELIVERY', description: 'Pack user records into KPL aggregates.' }),
  'in-flight': integerFlag({
    helpGroup: 'DELIVERY',
    description: 'Maximum concurrent calls.',
    helpValue: 'N',
    min: 1,
    max: 1000,
    default: 16,
  }),
  attempts: integerFlag({
    helpGroup: 'DELIVERY',
    description: 'Maximum attempts per record, with a rate.',
    helpValue: 'N',
    min: 1,
    default: 10,
  }),
  workers: integerFlag({
    helpGroup: 'DELIVERY',
    description: 'Worker threads.',
    helpValue: 'N',
    min: 1,
    max: 64,
    default: 1,
  }),
  failures: Flags.string({
    helpGroup: 'OUTPUT',
    description: 'Write records that could not be sent (NDJSON).',
    helpValue: 'FILE',
  }),
  create: createFlag,
  'metrics-file': Flags.string({
    helpGroup: 'OUTPUT',
    description: 'Write metrics every second (NDJSON).',
    helpValue: 'FILE',
  }),
};
