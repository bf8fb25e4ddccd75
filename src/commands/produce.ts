import * as Args from '@oclif/core/args';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { produceFlags } from '../lib/cli/produce-flags.js';
import { succeeded } from '../lib/produce/load-result.js';
import { planLoad, shardsForLoad } from '../lib/produce/plan-load.js';
import { checkAgainstStream, endedByError, produce, readStreamTraits } from '../lib/produce/produce.js';
import { renderFailure, renderMoment, renderResult, renderShortfall } from '../lib/produce/render-load.js';
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
  static override flags = produceFlags;

  async run(): Promise<void> {
    const draft = await planLoad(this.flags);
    const { name } = await this.chooseStream(this.args.stream, shardsForLoad(draft));
    const traits = await readStreamTraits(await this.clients(), name, this.signal);
    const plan = { ...draft, target: await this.target(), stream: name, recordLimitBytes: traits.recordLimitBytes };
    checkAgainstStream(plan, traits);
    const { progress } = this;
    progress.start(`sending to ${name}`);
    let failures = 0;
    const problems: string[] = [];
    const result = await produce(plan, {
      signal: this.signal,
      failuresFile: this.flags.failures,
      metricsFile: this.flags['metrics-file'],
      onIncompleteFile: (problem) => problems.push(problem),
      onMoment: (moment) => progress.update(renderMoment(moment, progress.style)),
      onFailure: (line) => {
        failures += 1;
        if (failures <= MOST_WARNINGS) progress.warn(renderFailure(line));
        if (failures === MOST_WARNINGS) progress.warn('further ones are only counted; --failures FILE has them all');
      },
    });
    progress.stop();
    await this.out.result(result, (value) => renderResult(value, this.out.style));
    const error = endedByError(result);
    if (error) throw error;
    if (!succeeded(result)) problems.unshift(renderShortfall(result));
    if (problems.length > 0) throw new OperationError(problems.join(' '));
  }
}
