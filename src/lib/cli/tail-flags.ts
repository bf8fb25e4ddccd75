import * as Flags from '@oclif/core/flags';
import type { FilterPattern } from '../shared/filter-pattern/filter-pattern.js';
import { parseFilterPattern } from '../shared/filter-pattern/parse-filter-pattern.js';
import { parsePosition, parseShard, parseUntil } from '../stream/position.js';
import type { Position } from '../stream/shard-position.js';
import { FORMATS } from '../tail/render-item.js';
import { type Field, parseFields } from '../tail/select-fields.js';
import { parseTemplate, type Template } from '../tail/template.js';
import { durationFlag, integerFlag, readWith } from './flags.js';

/** The flags of `pipectl tail`: where it reads, what it shows, and how. */
export const tailFlags = {
  from: Flags.custom<Position>({ parse: readWith(parsePosition) })({
    helpGroup: 'POSITION',
    description: 'latest (default), trim-horizon, 5m, time, SHARD:SEQUENCE.',
    helpValue: 'POSITION',
  }),
  since: Flags.custom<Position>({ parse: readWith(parsePosition) })({
    description: 'The same as --from.',
    hidden: true,
    exclusive: ['from'],
  }),
  until: Flags.custom<number>({ parse: readWith(parseUntil) })({
    helpGroup: 'POSITION',
    description: 'Stop at records from this time: now, 5m, time.',
    helpValue: 'TIME',
  }),
  limit: integerFlag({
    char: 'n',
    helpGroup: 'POSITION',
    description: 'Stop after N records.',
    helpValue: 'N',
    min: 1,
  }),
  follow: Flags.boolean({ char: 'f', hidden: true, description: 'Follow the stream, as tail always does.' }),
  'idle-exit': durationFlag({
    helpGroup: 'POSITION',
    description: 'Stop when no record arrives for this long: 10s.',
    helpValue: 'TIME',
  }),
  shard: Flags.custom<string>({ parse: readWith(parseShard) })({
    helpGroup: 'SELECTION',
    description: 'Read only this shard, by number or ID (repeatable).',
    helpValue: 'SHARD',
    multiple: true,
  }),
  key: Flags.string({
    helpGroup: 'SELECTION',
    description: 'Show only records with this partition key.',
    helpValue: 'KEY',
  }),
  decode: Flags.boolean({
    helpGroup: 'DECODING',
    description: 'Unpack KPL, gzip, zlib, zstd, snappy, base64, Logs, Glue, Confluent.',
  }),
  'schema-file': Flags.string({
    helpGroup: 'DECODING',
    description: 'Avro schema of an ID, or a folder of ID.avsc (repeatable).',
    helpValue: 'ID=FILE',
    multiple: true,
    dependsOn: ['decode'],
  }),
  layers: Flags.boolean({
    helpGroup: 'DECODING',
    description: 'Show the layers that --decode removed.',
    dependsOn: ['decode'],
  }),
  raw: Flags.boolean({
    helpGroup: 'DECODING',
    description: 'Write the bytes of each record unchanged.',
    exclusive: ['format', 'select', 'template', 'stats', 'decode', 'json'],
  }),
  filter: Flags.custom<FilterPattern>({ parse: readWith(parseFilterPattern) })({
    helpGroup: 'SELECTION',
    description: 'Show only records that match a Logs filter pattern.',
    helpValue: 'PATTERN',
  }),
  select: Flags.custom<Field[]>({ parse: readWith(parseFields) })({
    helpGroup: 'SELECTION',
    description: 'Show only these fields: id,customer.city.',
    helpValue: 'FIELDS',
  }),
  format: Flags.string({
    helpGroup: 'OUTPUT',
    description: 'Output format (default pretty in a terminal, else ndjson).',
    options: [...FORMATS],
    exclusive: ['json'],
  }),
  template: Flags.custom<Template>({ parse: readWith(parseTemplate) })({
    helpGroup: 'OUTPUT',
    description: "Format of a line: '{{@time}} {{@key}} {{name}}'.",
    helpValue: 'TEXT',
    exclusive: ['json'],
  }),
  stats: Flags.boolean({
    helpGroup: 'OUTPUT',
    description: 'Show rates, sizes, lag and keys instead of records.',
    exclusive: ['format', 'template', 'select'],
  }),
  checkpoint: Flags.string({
    helpGroup: 'POSITION',
    description: 'Save the position, and resume from it.',
    helpValue: 'FILE',
  }),
  'fan-out': Flags.boolean({
    helpGroup: 'READING',
    description: 'Use enhanced fan-out with a temporary consumer.',
  }),
};
