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
    description: 'Records (1000, 1000/s, 90/m) or bytes (2MB/s), or max. 1000 by default; max with --from.',
    helpValue: 'RATE',
  }),
  ramp: Flags.custom<Ramp>({ parse: readWith(parseRamp) })({
    description: 'Grow from one rate to another, then stay there: 0:3000:60s.',
    helpValue: 'FROM:TO:TIME',
    exclusive: ['rate', 'burst'],
  }),
  burst: Flags.custom<Burst>({ parse: readWith(parseBurst) })({
    description: 'A rate that comes back, between stretches of --rate: 5000:2s:30s.',
    helpValue: 'RATE:LENGTH:EVERY',
  }),
  duration: durationFlag({ description: 'Stop after this time: 60s, 5m, 1h.', helpValue: 'TIME' }),
  count: integerFlag({ description: 'Stop after so many records.', helpValue: 'N', min: 1 }),
  schema: Flags.string({
    description: `Built-in data; ${SCHEMA_NAMES[0]} by default.`,
    options: [...SCHEMA_NAMES],
    exclusive: ['template', 'from'],
  }),
  template: Flags.string({
    description: 'Your own data: a JSON, YAML or text file with {{person.firstName}} expressions, or the JSON itself.',
    helpValue: 'FILE|JSON',
    exclusive: ['from'],
  }),
  from: Flags.string({ description: 'Send the lines of a file, or of stdin (-).', helpValue: 'FILE|-' }),
  data: Flags.string({
    description: 'Send this one record, JSON or text.',
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
    description: 'With --data: the partition key (default random).',
    helpValue: 'KEY',
    dependsOn: ['data'],
  }),
  text: Flags.boolean({ description: 'With --from: lines are text, not JSON.', dependsOn: ['from'] }),
  'time-field': Flags.string({
    description: 'With --from: replay at the pace of the times in this field.',
    helpValue: 'FIELD',
    dependsOn: ['from'],
    exclusive: ['rate', 'ramp', 'burst', 'text'],
  }),
  speed: Flags.custom<number>({ parse: readWith(parseSpeed) })({
    description: 'With --time-field: so many times as fast; 10, or 0.5 for half.',
    helpValue: 'FACTOR',
    dependsOn: ['time-field'],
  }),
  seed: integerFlag({ description: 'The same seed makes the same records, byte for byte.', helpValue: 'N', min: 0 }),
  size: byteSizeFlag({ description: 'Pad each record to this size: 1KiB.', helpValue: 'SIZE' }),
  'partition-key': Flags.custom<KeyPlan>({ parse: readWith(parseKeyPlan) })({
    description: 'random (the default), field:NAME, fixed:KEY, or zipf:1.2 for a skewed choice.',
    helpValue: 'HOW',
  }),
  ordered: Flags.boolean({ description: 'Keep the order of each partition key, whatever is refused.' }),
  aggregate: Flags.boolean({ description: 'Pack records in the format of the Kinesis Producer Library.' }),
  'in-flight': integerFlag({
    description: 'Most calls at the same time.',
    helpValue: 'N',
    min: 1,
    max: 1000,
    default: 16,
  }),
  attempts: integerFlag({
    description: 'With a rate: maximum times that a record is sent.',
    helpValue: 'N',
    min: 1,
    default: 10,
  }),
  workers: integerFlag({ description: 'Threads that share the load.', helpValue: 'N', min: 1, max: 64, default: 1 }),
  failures: Flags.string({
    description: 'Write what could not be sent to this file, a line of JSON each.',
    helpValue: 'FILE',
  }),
  create: createFlag,
  'metrics-file': Flags.string({ description: 'Write a line of JSON a second to this file.', helpValue: 'FILE' }),
};
