import { fileURLToPath } from 'node:url';
import { Args, Flags } from '@oclif/core';
import { durationFlag, integerFlag } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';
import type { CheckReport } from '../lib/e2e/check-report.js';
import { identifyServer } from '../lib/e2e/identify-server.js';
import { renderTerminal } from '../lib/e2e/reports/render-terminal.js';
import { watchCheck } from '../lib/e2e/reports/watch-check.js';
import { runCheck } from '../lib/e2e/run-check.js';
import { chooseCheck, loadProjectFile } from '../lib/project/load-project-file.js';
import type { Check, ProjectFile } from '../lib/project/project-file.js';
import { systemClock } from '../lib/shared/clock.js';
import { createClients } from '../lib/target/clients.js';
import type { Target } from '../lib/target/target.js';

const SHIPPED = fileURLToPath(new URL('../../pipelines/analytics/pipectl.yaml', import.meta.url));
const EXIT_VERDICT = 3;

export default class E2e extends PipectlCommand<typeof E2e> {
  static override summary = 'Prove that every event reaches the far end of a pipeline.';
  static override args = {
    check: Args.string({ description: 'A check of pipectl.yaml, by name.' }),
  };
  static override flags = {
    keep: Flags.boolean({ description: 'Leave everything standing, to be looked at.' }),
    events: integerFlag({ description: 'How many events, instead of what the check says.', min: 1 }),
    timeout: durationFlag({ description: "How long events may take, instead of the check's `within`." }),
    repeat: integerFlag({ description: 'Send so many times over one deployment.', min: 1, default: 1 }),
  };

  async run(): Promise<void> {
    const file = await this.#checkFile();
    const check = this.#adjusted(chooseCheck(file, this.args.check));
    const { target, disposable, close } = await this.#place(check);
    const clients = createClients(target);
    const reports: CheckReport[] = [];
    try {
      await runCheck({
        file,
        check,
        clients,
        clock: systemClock,
        environment: this.io.env,
        deploy: true,
        keep: this.flags.keep,
        disposable,
        recorderAddress: undefined,
        failModes: new Map(),
        signal: this.signal,
        server: await identifyServer(target, this.signal),
        repeat: this.flags.repeat,
        onEvent: watchCheck(this.progress),
        onReport: (report) => reports.push(report),
      });
    } finally {
      clients.close();
      await close();
    }
    this.progress.stop();
    await this.out.result(reports, (all) => all.map((report) => renderTerminal(report, this.out.style)).join('\n'));
    if (!reports.every((report) => report.verdict.green)) this.exitCode = EXIT_VERDICT;
  }

  async #checkFile(): Promise<ProjectFile> {
    const file = await this.projectFile();
    if (file && file.checks.length > 0) return file;
    const shipped = await loadProjectFile(SHIPPED);
    this.progress.note('no check file here: running the analytics pipeline that comes with pipectl');
    return shipped as ProjectFile;
  }

  #adjusted(check: Check): Check {
    const { events, timeout } = this.flags;
    return {
      ...check,
      send: { ...check.send, ...(events !== undefined && { count: events }) },
      expect: { ...check.expect, ...(timeout !== undefined && { withinMs: timeout }) },
    };
  }

  async #place(check: Check): Promise<{ target: Target; disposable: boolean; close(): Promise<void> }> {
    const target = await this.decidedTarget();
    if (target.kind !== 'local' || this.flags.keep || check.deploy.length === 0)
      return { target: await this.target(), disposable: false, close: async () => {} };
    const { startEndpoint } = await import('../lib/local/start-endpoint.js');
    const endpoint = await startEndpoint({ port: 0 });
    return { target: { ...target, endpointUrl: endpoint.url }, disposable: true, close: () => endpoint.close() };
  }
}
