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
    description: 'latest, trim-horizon, 5m (ago), an ISO time, or SHARD:SEQUENCE.',
    helpValue: 'WHERE',
  }),
  since: Flags.custom<Position>({ parse: readWith(parsePosition) })({
    description: 'The same as --from.',
    hidden: true,
    exclusive: ['from'],
  }),
  until: Flags.custom<number>({ parse: readWith(parseUntil) })({
    description: 'Stop at records of this time: now, 5m (ago), or an ISO time.',
    helpValue: 'WHEN',
  }),
  limit: integerFlag({ char: 'n', description: 'Stop after so many.', helpValue: 'N', min: 1 }),
  follow: Flags.boolean({ char: 'f', hidden: true, description: 'Follow the stream, as tail always does.' }),
  'idle-exit': durationFlag({ description: 'Stop when nothing came for this long.', helpValue: '10s' }),
  shard: Flags.custom<string>({ parse: readWith(parseShard) })({
    description: 'Only this shard, by number or id; may be repeated.',
    helpValue: 'SHARD',
    multiple: true,
  }),
  key: Flags.string({ description: 'Only records with this partition key.', helpValue: 'KEY' }),
  decode: Flags.boolean({
    description: 'Unpack KPL, gzip, zlib, zstd, snappy, base64, Logs, Glue and Confluent.',
  }),
  'schema-file': Flags.string({
    description: 'Avro schema of this ID, or a folder of ID.avsc; may be repeated.',
    helpValue: 'ID=FILE',
    multiple: true,
    dependsOn: ['decode'],
  }),
  layers: Flags.boolean({
    description: 'Show which layers were unpacked; in a pipe, as JSON with everything about the record.',
    dependsOn: ['decode'],
  }),
  raw: Flags.boolean({
    description: 'Write the bytes of the records, and nothing else.',
    exclusive: ['format', 'select', 'template', 'stats', 'decode', 'json'],
  }),
  filter: Flags.custom<FilterPattern>({ parse: readWith(parseFilterPattern) })({
    description: 'Only what matches a CloudWatch filter pattern.',
    helpValue: 'PATTERN',
  }),
  select: Flags.custom<Field[]>({ parse: readWith(parseFields) })({
    description: 'Only these fields.',
    helpValue: 'A,B.C',
  }),
  format: Flags.string({
    description: 'How to print; pretty in a terminal, ndjson elsewhere.',
    options: [...FORMATS],
    exclusive: ['json'],
  }),
  template: Flags.custom<Template>({ parse: readWith(parseTemplate) })({
    description: 'Print this text, with {{field}}, {{@key}}, {{@time}}, {{@shard}}.',
    helpValue: 'TEXT',
    exclusive: ['json'],
  }),
  stats: Flags.boolean({
    description: 'Show rates, sizes, lag and keys instead of records.',
    exclusive: ['format', 'template', 'select'],
  }),
  checkpoint: Flags.string({ description: 'Go on where the last run with this file ended.', helpValue: 'FILE' }),
  'fan-out': Flags.boolean({
    description: 'Read by enhanced fan-out, with a consumer of its own for the time being.',
  }),
};
