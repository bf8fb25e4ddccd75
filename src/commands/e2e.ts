import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { durationFlag, integerFlag, readWith } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import type { CheckReport } from '../lib/e2e/check-report.js';
import { chooseChecks } from '../lib/e2e/choose-checks.js';
import { parseFailFlags } from '../lib/e2e/recorder/parse-fail-flags.js';
import { parseRecorderHost } from '../lib/e2e/recorder/parse-recorder-host.js';
import type { RecorderAddress } from '../lib/e2e/recorder/start-recorder.js';
import { deliverReports } from '../lib/e2e/reports/deliver-reports.js';
import { renderTerminal } from '../lib/e2e/reports/render-terminal.js';
import { watchCheck } from '../lib/e2e/reports/watch-check.js';
import { writeTap } from '../lib/e2e/reports/write-tap.js';
import { type Place, runChecks } from '../lib/e2e/run-checks.js';
import { requireEventRate } from '../lib/project/event-rate.js';
import type { Check } from '../lib/project/project-file.js';
import { systemClock } from '../lib/shared/clock.js';
import { createClients } from '../lib/target/clients.js';

const EXIT_VERDICT = 3;
const SERVER_WITHIN_MS = 60_000;

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
  static override flags = {
    init: Flags.boolean({
      description: 'Write a pipectl.yaml from what stands at the target; CHECK is then a stream or a stack.',
    }),
    all: Flags.boolean({ description: 'Run every check of the file.' }),
    events: integerFlag({ description: 'How many events, instead of what the check says.', min: 1 }),
    rate: Flags.custom<number>({ parse: readWith(requireEventRate) })({
      description: 'How fast they are sent: 50/s, 300/m.',
    }),
    timeout: durationFlag({ description: 'How long they may take to arrive.' }),
    repeat: integerFlag({ description: 'Send so many times over one deployment.', min: 1, default: 1 }),
    deploy: Flags.boolean({
      description: 'Deploy first what the check says; --no-deploy uses what stands.',
      default: true,
      allowNo: true,
    }),
    keep: Flags.boolean({ description: 'Leave everything standing, to be looked at.' }),
    'recorder-host': Flags.custom<RecorderAddress>({ parse: readWith(parseRecorderHost) })({
      description: 'Where functions find the recorders of this machine: HOST, HOST:PORT, or URL=PORT for a tunnel.',
    }),
    fail: Flags.string({ description: 'Have recorders refuse: "503 x3", "429 20%", "NAME=reset x1".', multiple: true }),
    junit: Flags.string({ description: 'Write a JUnit report.', helpValue: 'FILE' }),
    markdown: Flags.string({ description: 'Write a Markdown report.', helpValue: 'FILE' }),
    html: Flags.string({ description: 'Write a self-contained page.', helpValue: 'FILE' }),
    tap: Flags.boolean({ description: 'Print TAP instead of tables.', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    if (this.flags.init) return this.#init();
    const { all, events, rate, timeout, repeat, deploy, keep, fail, junit, markdown, html } = this.flags;
    const words = [this.args.check, this.args.name].filter((word) => word !== undefined);
    const wish = { words, all, count: events, eventsPerSecond: rate, withinMs: timeout };
    const { file, checks, shipped } = await chooseChecks(wish, () => this.projectFile());
    if (shipped) this.progress.note('no check file here: running the analytics pipeline that comes with pipectl');

    const { reports, failure } = await runChecks({
      file,
      checks,
      place: (check) => this.#place(check),
      serverWithinMs: SERVER_WITHIN_MS,
      clock: systemClock,
      environment: this.io.env,
      deploy,
      keep,
      repeat,
      recorderAddress: this.flags['recorder-host'],
      failModes: parseFailFlags(fail ?? []),
      signal: this.signal,
      onEvent: watchCheck(this.progress),
      onReport: () => {},
    });
    this.progress.stop();
    await deliverReports(reports, { junit, markdown, html }, { ...this.io, note: (line) => this.progress.note(line) });
    const green = reports.length > 0 && reports.every((report) => report.verdict.green);
    await this.out.result({ green, runs: reports }, ({ runs }) => this.#render(runs));
    if (failure) throw failure;
    if (!green) this.exitCode = EXIT_VERDICT;
  }

  async #init(): Promise<void> {
    const { stdin, stderr } = this.io;
    const { initCheckFile } = await import('../lib/e2e/init/init-check-file.js');
    const asking = stdin.isTTY === true ? (await import('../lib/cli/ask-choice.js')).askChoice : undefined;
    const written = await initCheckFile({
      clients: await this.clients(),
      wanted: this.args.check,
      signal: this.signal,
      ask: asking && ((question, choices) => asking(question, choices, { stdin, stderr, signal: this.signal })),
    });
    await this.out.result(
      written,
      ({ path, stream }) => `wrote ${path} for ${stream}; look at its payload, then run \`pipectl e2e --no-deploy\``,
    );
  }

  #render(reports: CheckReport[]): string {
    if (this.flags.tap) return writeTap(reports);
    return reports.map((report) => renderTerminal(report, this.out.style)).join('\n');
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
