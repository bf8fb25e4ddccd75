import * as Args from '@oclif/core/args';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { tailFlags } from '../lib/cli/tail-flags.js';
import { checkRange, needsPast } from '../lib/stream/position.js';
import { planShow } from '../lib/tail/plan-show.js';
import { readSchemaFiles } from '../lib/tail/schema-files.js';
import { renderStats, TailStats } from '../lib/tail/tail-stats.js';
import { renderTailResult, type TailResult, tailStream } from '../lib/tail/tail-stream.js';

/** A stream that `tail` makes, because nothing is there yet, takes the default load of `produce`. */
const SHARDS_IF_MADE = 2;
const MOST_NOTES = 20;

export default class Tail extends PipectlCommand<typeof Tail> {
  static override summary = 'Read a stream and follow new records.';
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
  static override flags = tailFlags;

  async run(): Promise<void> {
    const { flags, progress, out } = this;
    const stats = flags.stats ? new TailStats() : undefined;
    const show = stats ? { kind: 'stats' as const, stats } : planShow(flags, out, (text) => progress.warn(text));
    const from = flags.from ?? flags.since ?? { kind: 'latest' };
    checkRange(from, flags.until, flags.checkpoint !== undefined);
    if (flags.filter?.advice !== undefined) progress.warn(flags.filter.advice);
    const schemas = flags['schema-file'] && (await readSchemaFiles(flags['schema-file']));
    const shardsIfMade = needsPast(from, flags.until) ? undefined : SHARDS_IF_MADE;
    const { name } = await this.chooseStream(this.args.stream, shardsIfMade, { refuseNear: true });
    this.io.watchOutput();
    let notes = 0;
    const ticker =
      stats && setInterval(() => progress.update(stats.line(progress.style)), progress.isTTY ? 1000 : 5000);
    let result: TailResult;
    try {
      result = await tailStream({
        clients: await this.clients(),
        stream: name,
        from,
        untilMs: flags.until,
        limit: flags.limit,
        idleExitMs: flags['idle-exit'],
        shards: flags.shard && new Set(flags.shard),
        key: flags.key,
        decode: flags.decode,
        schemas,
        filter: flags.filter,
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
    if (stats) await out.result(stats.result(), (shown) => renderStats(shown, out.style));
    else if (!this.io.outputClosed.aborted) progress.note(progress.style.dim(renderTailResult(result)));
  }
}
