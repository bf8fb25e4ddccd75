import * as Args from '@oclif/core/args';
import { e2eFlags } from '../lib/cli/e2e-flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { chooseChecks } from '../lib/e2e/choose-checks.js';
import { deliverReports } from '../lib/e2e/reports/deliver-reports.js';
import { renderTerminal } from '../lib/e2e/reports/render-terminal.js';
import { watchCheck } from '../lib/e2e/reports/watch-check.js';
import { writeTap } from '../lib/e2e/reports/write-tap.js';
import { type Place, runChecks } from '../lib/e2e/run-checks.js';
import type { Check } from '../lib/project/project-file.js';
import { systemClock } from '../lib/shared/clock.js';
import { createClients } from '../lib/target/clients.js';

const EXIT_VERDICT = 3;

export default class E2e extends PipectlCommand<typeof E2e> {
  static override summary = 'Prove that every event reaches the far end of a pipeline.';
  static override description =
    'Deploys what the check file says, sends marked events, watches every hop, and names the first one that loses, doubles or reorders any. ' +
    'Without a check file here it runs the analytics pipeline that comes with pipectl. Exit code 3: the verdict is not green.';
  static override examples = [
    '<%= config.bin %> e2e',
    '<%= config.bin %> e2e orders --events 500 --rate 100/s --html report.html',
    '<%= config.bin %> e2e --localstack --junit e2e.xml',
    '<%= config.bin %> e2e checks/orders.yaml --aws --no-deploy --timeout 5m',
  ];
  static override args = {
    check: Args.string({ description: 'A check of pipectl.yaml by its name, or a check file by its path.' }),
    name: Args.string({ description: 'After a path: which of its checks.' }),
  };
  static override flags = e2eFlags;

  async run(): Promise<void> {
    if (this.flags.init) return this.#init();
    const { all, events, rate, timeout, repeat, run, deploy, keep, fail, junit, markdown, html, tap } = this.flags;
    const words = [this.args.check, this.args.name].filter((word) => word !== undefined);
    const wish = { words, all, count: events, eventsPerSecond: rate, withinMs: timeout, run, deploy };
    const { file, checks, shipped } = await chooseChecks(wish, () => this.projectFile());
    if (shipped) this.progress.note('no check file here: running the analytics pipeline that comes with pipectl');

    const { reports, failure } = await runChecks({
      file,
      checks,
      deploy,
      keep,
      repeat,
      recorderWishes: {
        addresses: new Map(this.flags['recorder-host']?.map(({ name, address }) => [name, address])),
        failModes: new Map(fail?.map(({ name, modes }) => [name, modes])),
      },
      clock: systemClock,
      environment: this.io.env,
      signal: this.signal,
      place: (check) => this.#place(check),
      onEvent: watchCheck(this.progress),
    });
    this.progress.stop();
    await deliverReports(reports, { junit, markdown, html }, { ...this.io, note: (line) => this.progress.note(line) });
    const red = reports.some((report) => !report.verdict.green);
    await this.out.result({ green: reports.length > 0 && !red, runs: reports }, ({ runs }) =>
      tap ? writeTap(runs) : runs.map((report) => renderTerminal(report, this.out)).join('\n'),
    );
    // A verdict that was reached is the answer, whatever went wrong besides.
    if (failure && !red) throw failure;
    if (failure) this.progress.warn([failure.message, failure.hint].filter(Boolean).join('\n  '));
    if (red) this.exitCode = EXIT_VERDICT;
  }

  async #init(): Promise<void> {
    const { initCheckFile } = await import('../lib/e2e/init/init-check-file.js');
    const { stdin } = this.io;
    const asking = stdin.isTTY === true ? (await import('../lib/cli/ask-choice.js')).askChoice : undefined;
    const written = await initCheckFile({
      clients: await this.clients(),
      wanted: this.args.check,
      signal: this.signal,
      ask: asking && ((question, choices) => asking(question, choices, this.io)),
    });
    await this.out.result(written, ({ path, stream, next }) => `wrote ${path} for ${stream}; ${next}\n`);
  }

  /** A check that deploys gets a local endpoint of its own, which ends with it; all others share the target that stands. */
  async #place(check: Check): Promise<Place> {
    const target = await this.decidedTarget();
    const { deploy, keep } = this.flags;
    if (target.kind !== 'local' || keep || !deploy || check.deploy.length === 0)
      return { clients: await this.clients(), disposable: false, close: async () => {} };
    const { startEndpoint } = await import('../lib/local/start-endpoint.js');
    const endpoint = await startEndpoint({ port: 0 });
    const clients = createClients({ ...target, endpointUrl: endpoint.url });
    return { clients, disposable: true, close: () => endpoint.close() };
  }
}
