import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { byteSizeFlag, durationFlag, integerFlag, readWith } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { SCHEMA_NAMES } from '../lib/produce/data/schema-names.js';
import { succeeded } from '../lib/produce/load-result.js';
import { type KeyPlan, parseKeyPlan } from '../lib/produce/partition-keys.js';
import { parseSpeed, planLoad, shardsForLoad } from '../lib/produce/plan-load.js';
import { checkAgainstStream, endedByError, produce, readStreamTraits } from '../lib/produce/produce.js';
import { parseBurst, parseRamp } from '../lib/produce/ramp.js';
import { type Burst, parseRate, type Ramp, type Rate } from '../lib/produce/rate.js';
import { renderMoment, renderResult, renderShortfall } from '../lib/produce/render-load.js';
import { OperationError } from '../lib/shared/errors.js';

const MOST_WARNINGS = 5;

export default class Produce extends PipectlCommand<typeof Produce> {
  static override summary = 'Put load on a stream, at a rate that is really held.';
  static override description =
    'Sends fake transactions, data of your own template, or the lines of a file. Each record has the time at which it is due, and its latency counts from there; the schedule never slows because the target is slow. Runs until Ctrl-C, --duration or --count.';
  static override examples = [
    '<%= config.bin %> produce orders --rate 1000',
    '<%= config.bin %> produce orders --schema clickstream --ramp 0:3000:60s --duration 5m',
    '<%= config.bin %> produce orders --template order.json --partition-key field:customer.id --count 10000 --seed 7',
    '<%= config.bin %> produce orders --from events.ndjson --time-field createdAt --speed 10',
    '<%= config.bin %> produce orders --rate 20000 --aggregate --json',
  ];
  static override args = {
    stream: Args.string({ description: 'The stream; PIPECTL_STREAM, pipectl.yaml or the only one there is.' }),
  };
  static override flags = {
    rate: Flags.custom<Rate>({ parse: readWith(parseRate) })({
      description: 'Records (1000, 1000/s) or bytes (2MB/s) a second, or max.',
      helpValue: '1000',
    }),
    ramp: Flags.custom<Ramp>({ parse: readWith(parseRamp) })({
      description: 'Grow from one rate to another, then stay: FROM:TO:TIME.',
      helpValue: '0:3000:60s',
      exclusive: ['rate', 'burst'],
    }),
    burst: Flags.custom<Burst>({ parse: readWith(parseBurst) })({
      description: 'A higher rate that comes back: RATE:LENGTH:EVERY.',
      helpValue: '5000:2s:30s',
    }),
    duration: durationFlag({ description: 'Stop after this time.', helpValue: '60s' }),
    count: integerFlag({ description: 'Stop after so many records.', helpValue: 'N', min: 1 }),
    schema: Flags.string({
      description: 'Built-in data.',
      options: [...SCHEMA_NAMES],
      exclusive: ['template', 'from'],
    }),
    template: Flags.string({
      description:
        'Your own data: a JSON, YAML or text file with {{person.firstName}} expressions, or the JSON itself.',
      helpValue: 'FILE|JSON',
      exclusive: ['from'],
    }),
    from: Flags.string({ description: 'Send the lines of a file, or of stdin (-).', helpValue: 'FILE|-' }),
    text: Flags.boolean({ description: 'Lines are text, not JSON.', dependsOn: ['from'] }),
    'time-field': Flags.string({
      description: 'Replay at the pace of the times in this field.',
      helpValue: 'FIELD',
      dependsOn: ['from'],
      exclusive: ['rate', 'ramp', 'burst'],
    }),
    speed: Flags.custom<number>({ parse: readWith(parseSpeed) })({
      description: 'With --time-field: so many times as fast.',
      helpValue: '10',
      dependsOn: ['time-field'],
    }),
    seed: integerFlag({ description: 'The same seed makes the same records, byte for byte.', helpValue: 'N', min: 0 }),
    size: byteSizeFlag({ description: 'Pad each record to this size.', helpValue: '1KiB' }),
    'partition-key': Flags.custom<KeyPlan>({ parse: readWith(parseKeyPlan) })({
      description: 'random, field:NAME, fixed:KEY, or zipf:1.2 for a skewed choice.',
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
      description: 'How often a refused record is sent before it is given up.',
      helpValue: 'N',
      min: 1,
      default: 10,
    }),
    workers: integerFlag({ description: 'Threads that share the load.', helpValue: 'N', min: 1, max: 64, default: 1 }),
    failures: Flags.string({
      description: 'Write what could not be sent to this file, one line of JSON each.',
      helpValue: 'FILE',
    }),
    'metrics-file': Flags.string({ description: 'Write a line of JSON a second to this file.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const draft = await planLoad(this.flags);
    const { name } = await this.chooseStream(this.args.stream, shardsForLoad(draft));
    const traits = await readStreamTraits(await this.clients(), name, this.signal);
    const plan = { ...draft, target: await this.target(), stream: name, recordLimitBytes: traits.recordLimitBytes };
    checkAgainstStream(plan, traits);
    const { progress } = this;
    progress.start(`sending to ${name}`);
    let failures = 0;
    const result = await produce(plan, {
      signal: this.signal,
      failuresFile: this.flags.failures,
      metricsFile: this.flags['metrics-file'],
      onMoment: (moment) => progress.update(renderMoment(moment, progress.style)),
      onFailure: (line) => {
        failures += 1;
        if (failures <= MOST_WARNINGS)
          progress.warn(`${'line' in line ? `line ${line.line}` : `record ${line.n}`}: ${line.message}`);
        if (failures === MOST_WARNINGS) progress.warn('further ones are only counted; --failures FILE has them all');
      },
    });
    progress.stop();
    await this.out.result(result, (value) => renderResult(value, this.out.style));
    const error = endedByError(result);
    if (error) throw error;
    if (!succeeded(result)) throw new OperationError(renderShortfall(result));
  }
}
