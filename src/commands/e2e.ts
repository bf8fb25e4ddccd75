import { basename, relative } from 'node:path';
import * as Args from '@oclif/core/args';
import { choiceAsker } from '../lib/cli/ask-choice.js';
import { e2eFlags, recorderWishes } from '../lib/cli/e2e-flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import { type CheckEvent, warningOf } from '../lib/e2e/check-event.js';
import type { CheckFile } from '../lib/e2e/check-file/check.js';
import { loadCheckFile, loadNearestCheckFile, loadSample } from '../lib/e2e/check-file/load-check-file.js';
import { checkFilePath, chooseChecks, missingCheckFile } from '../lib/e2e/choose-checks.js';
import { openPlace } from '../lib/e2e/open-place.js';
import { deliverReports } from '../lib/e2e/reports/deliver-reports.js';
import { openLatencyFile } from '../lib/e2e/reports/latency-file.js';
import { renderRuns } from '../lib/e2e/reports/render-runs.js';
import { totalRuns } from '../lib/e2e/reports/total-runs.js';
import { watchCheck } from '../lib/e2e/reports/watch-check.js';
import { writeTap } from '../lib/e2e/reports/write-tap.js';
import { runChecks } from '../lib/e2e/run-checks.js';
import type { ProjectFile } from '../lib/project/project-file.js';
import { samplePipelines } from '../lib/project/sample-pipelines.js';
import { systemClock } from '../lib/shared/clock.js';

const EXIT_VERDICT = 3;
/** A check on its own endpoint does not wait for a buffer of a minute; the verdict says if one was cut. */
const OWN_BUFFERING_MS = 1000;
const startOwn = async (inertTypes: string[] = []) =>
  (await import('../lib/local/start-endpoint.js')).startEndpoint({
    port: 0,
    maxBufferingMs: OWN_BUFFERING_MS,
    inertTypes,
  });

export default class E2e extends PipectlCommand<typeof E2e> {
  static override summary = 'Send marked events through a pipeline and verify each hop.';
  static override description =
    'Deploys the stacks of a check file, sends events that carry a unique marker, watches every hop, and reports lost, ' +
    'duplicated and reordered events and their latency. If a hop loses events, the report names the hop and the likely cause. ' +
    'The check file is pipectl.yaml in this folder or in a folder above.';
  static override examples = [
    '<%= config.bin %> e2e --demo',
    '<%= config.bin %> e2e --init orders',
    '<%= config.bin %> e2e orders --events 500 --rate 100/s --html report.html',
    '<%= config.bin %> e2e --localstack --junit e2e.xml',
    '<%= config.bin %> e2e checks/orders.yaml --aws --no-deploy --timeout 5m',
  ];
  static override args = {
    check: Args.string({
      description: `A check of pipectl.yaml, the path of a check file or its folder, or with --demo a sample pipeline (${samplePipelines().join(', ')}).`,
    }),
    name: Args.string({ description: 'After a path or a sample pipeline: one of its checks.' }),
  };
  static override flags = e2eFlags;
  #loaded: Promise<CheckFile | undefined> | undefined;

  /** A file that is named decides the target and the region, and not the one of the current folder. */
  protected override projectFile(): Promise<ProjectFile | undefined> {
    return this.flags.init ? super.projectFile() : this.#findCheckFile();
  }

  #findCheckFile(): Promise<CheckFile | undefined> {
    const { check } = this.args;
    const path = checkFilePath(check);
    const load = () => (path === undefined ? loadNearestCheckFile(this.io.cwd) : loadCheckFile(path));
    this.#loaded ??= this.flags.demo ? loadSample(check) : load();
    return this.#loaded;
  }

  async run(): Promise<void> {
    if (this.flags.init) return this.#init();
    const { all, demo, events, rate, timeout, repeat, run, deploy, keep, junit, markdown, html, tap } = this.flags;
    const words = [this.args.check, this.args.name].filter((word) => word !== undefined);
    const wish = { words, demo, all, count: events, eventsPerSecond: rate, withinMs: timeout, run, deploy };
    const file = await this.#requireCheckFile();
    const checks = chooseChecks(wish, file);
    const latencies = this.flags.latencies === undefined ? undefined : openLatencyFile(this.flags.latencies);

    const tell = watchCheck(this.progress);
    const afterwords: CheckEvent[] = [];
    try {
      const { reports, failure } = await runChecks({
        file,
        checks,
        deploy,
        keep,
        repeat,
        updateExisting: this.flags['update-existing'],
        confirm: this.#confirm(),
        latencies,
        recorderWishes: recorderWishes(this.flags),
        clock: systemClock,
        environment: this.io.env,
        signal: this.signal,
        place: async (check) =>
          openPlace(check, {
            target: await this.decidedTarget(),
            deploy,
            keep,
            shared: () => this.clients(),
            startOwn: () => startOwn(file.local?.inert),
          }),
        onEvent: (event) => (event.kind === 'afterword' ? void afterwords.push(event) : tell(event)),
      });
      this.progress.stop();
      const red = reports.some((report) => !report.verdict.green);
      const totals = totalRuns(reports);
      const result = { green: reports.length > 0 && !red, runs: reports, ...(totals.length > 0 && { totals }) };
      await this.out.result(result, ({ runs }) => (tap ? writeTap(runs) : renderRuns(runs, this.out)));
      const files = { junit, markdown, html };
      const unwritten = await deliverReports(reports, files, { ...this.io, note: (line) => this.progress.note(line) });
      // A verdict that was reached is the answer, whatever went wrong besides.
      for (const error of [failure, unwritten, await latencies?.close()]) {
        if (error && !red) throw error;
        if (error) tell(warningOf(error));
      }
      if (red) this.exitCode = EXIT_VERDICT;
    } finally {
      for (const event of afterwords) tell(event);
    }
  }

  #confirm(): ((question: string) => Promise<boolean>) | undefined {
    if (this.io.stdin.isTTY !== true) return undefined;
    return async (question) => (await import('../lib/cli/ask-yes.js')).askYes(question, this.io);
  }

  async #requireCheckFile(): Promise<CheckFile> {
    const file = await this.#findCheckFile();
    if (this.flags.demo && file) this.progress.note(`running the sample pipeline ${basename(file.folder)}`);
    else if (file && checkFilePath(this.args.check) === undefined && file.folder !== this.io.cwd)
      this.progress.note(`check file: ${relative(this.io.cwd, file.path)}`);
    if (file) return file;
    if (!(await this.#isTryingOut())) throw missingCheckFile(this.io.cwd, samplePipelines(), this.args.check);
    const sample = await loadSample();
    this.progress.note(
      `no pipectl.yaml here: running the sample pipeline ${basename(sample.folder)}; for your own, run \`pipectl e2e --init\``,
    );
    return sample;
  }

  /** A person at a terminal who typed `pipectl e2e` and nothing else: any other word or flag is about a check of their own. */
  async #isTryingOut(): Promise<boolean> {
    const { stdin, stdout, env } = this.io;
    const silent = ['--verbose', '--no-color', '--local'];
    if (!this.argv.every((word) => silent.includes(word))) return false;
    if (stdin.isTTY !== true || stdout.isTTY !== true || /^(?!false$|0$)./.test(env.CI ?? '')) return false;
    return (await this.decidedTarget()).kind === 'local';
  }

  async #init(): Promise<void> {
    const { initCheckFile } = await import('../lib/e2e/init/init-check-file.js');
    const clients = await this.clients();
    const ask = choiceAsker(this.io);
    const written = await initCheckFile({ clients, wanted: this.args.check, signal: this.signal, ask });
    await this.out.result(written, ({ path, stream, next }) => `wrote ${path} for ${stream}; ${next}\n`);
  }
}
