import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { durationFlag, integerFlag, readWith } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { parseFilterPattern } from '../lib/shared/filter-pattern/filter-pattern.js';
import { planShow } from '../lib/tail/plan-show.js';
import { type Position, parsePosition, parseShard, parseUntil } from '../lib/tail/position.js';
import { FORMATS } from '../lib/tail/render-item.js';
import { type Field, parseFields } from '../lib/tail/select-fields.js';
import { renderStats, TailStats } from '../lib/tail/tail-stats.js';
import { tailStream } from '../lib/tail/tail-stream.js';

const MOST_NOTES = 20;

export default class Tail extends PipectlCommand<typeof Tail> {
  static override summary = 'Follow every shard of a stream, and show what is inside.';
  static override examples = [
    '<%= config.bin %> tail orders --decode',
    '<%= config.bin %> tail orders --from 5m --filter \'{ $.state = "Ohio" }\' --select transactionId,name',
    '<%= config.bin %> tail orders --from trim-horizon --until now --format csv > orders.csv',
    '<%= config.bin %> tail orders --checkpoint orders.checkpoint --format ndjson',
    '<%= config.bin %> tail orders --stats',
  ];
  static override args = {
    stream: Args.string({ description: 'The stream; PIPECTL_STREAM, pipectl.yaml or the only one there is.' }),
  };
  static override flags = {
    from: Flags.custom<Position>({ parse: readWith(parsePosition) })({
      description: 'latest, trim-horizon, 5m (ago), an ISO time, or SHARD:SEQUENCE.',
      helpValue: 'WHERE',
    }),
    until: Flags.custom<number>({ parse: readWith(parseUntil) })({
      description: 'Stop at records of this time: now, 5m (ago), or an ISO time.',
      helpValue: 'WHEN',
    }),
    limit: integerFlag({ description: 'Stop after so many.', helpValue: 'N', min: 1 }),
    'idle-exit': durationFlag({ description: 'Stop when nothing came for this long.', helpValue: '10s' }),
    shard: Flags.custom<string>({ parse: readWith(parseShard) })({
      description: 'Only this shard, by number or id; may be repeated.',
      helpValue: 'SHARD',
      multiple: true,
    }),
    key: Flags.string({ description: 'Only records with this partition key.', helpValue: 'KEY' }),
    decode: Flags.boolean({
      description: 'Unpack KPL aggregates, gzip, zlib, zstd, snappy, base64 and CloudWatch Logs.',
    }),
    layers: Flags.boolean({ description: 'Show which layers were unpacked.', dependsOn: ['decode'] }),
    raw: Flags.boolean({
      description: 'Write the bytes of the records, and nothing else.',
      exclusive: ['format', 'select', 'template', 'stats', 'decode', 'json'],
    }),
    filter: Flags.string({ description: 'Only what matches a CloudWatch filter pattern.', helpValue: 'PATTERN' }),
    select: Flags.custom<Field[]>({ parse: readWith(parseFields) })({
      description: 'Only these fields.',
      helpValue: 'A,B.C',
    }),
    format: Flags.string({
      description: 'How to print; pretty in a terminal, ndjson elsewhere.',
      options: [...FORMATS],
      exclusive: ['json'],
    }),
    template: Flags.string({
      description: 'Print this text, with {{field}}, {{@key}}, {{@time}}, {{@shard}}.',
      helpValue: 'TEXT',
      exclusive: ['json'],
    }),
    stats: Flags.boolean({
      description: 'Show rates, sizes, lag and keys instead of records.',
      exclusive: ['format', 'template'],
    }),
    checkpoint: Flags.string({ description: 'Go on where the last run with this file ended.', helpValue: 'FILE' }),
    'fan-out': Flags.boolean({
      description: 'Read by enhanced fan-out, with a consumer of its own for the time being.',
    }),
  };

  async run(): Promise<void> {
    const { flags, progress, out } = this;
    const filter = flags.filter === undefined ? undefined : parseFilterPattern(flags.filter);
    const stats = flags.stats ? new TailStats() : undefined;
    const show = stats ? { kind: 'stats' as const, stats } : planShow(flags, out);
    const { name } = await this.chooseStream(this.args.stream, 1);
    const from = flags.from ?? { kind: 'latest' };
    let notes = 0;
    const ticker =
      stats && setInterval(() => progress.update(stats.line(progress.style)), progress.isTTY ? 1000 : 5000);
    try {
      await tailStream({
        clients: await this.clients(),
        stream: name,
        from,
        untilMs: flags.until,
        limit: flags.limit,
        idleExitMs: flags['idle-exit'],
        shards: flags.shard && new Set(flags.shard),
        key: flags.key,
        decode: flags.decode,
        filter,
        checkpointFile: flags.checkpoint,
        fanOut: flags['fan-out'],
        show,
        write: (text) => out.write(text),
        flush: () => out.flush(),
        onReady: (count) =>
          progress.note(progress.style.dim(`following ${name}: ${count} shard${count === 1 ? '' : 's'}`)),
        onNote: (note) => {
          notes += 1;
          if (notes <= MOST_NOTES) progress.note(progress.style.dim(note));
          if (notes === MOST_NOTES) progress.note(progress.style.dim('further notes are left out'));
        },
        onWarning: (text) => progress.warn(text),
        signal: this.signal,
      });
    } finally {
      clearInterval(ticker);
      progress.stop();
    }
    if (stats) await out.result(stats.result(), (result) => renderStats(result, out.style));
  }
}
