import * as Flags from '@oclif/core/flags';
import { byteSizeFlag, globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import type { EndpointRecord } from '../../lib/local/daemon/endpoint-record.js';
import type { EndpointSettings } from '../../lib/local/daemon/endpoint-settings.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { formatByteSize } from '../../lib/shared/byte-size.js';
import { UsageError } from '../../lib/shared/errors.js';

/** Below a few chunks of records nothing that was put would still be there to be read. */
const LEAST_MEMORY_BYTES = 16 * 1024 * 1024;

export default class LocalStart extends PipectlCommand<typeof LocalStart> {
  static override summary = 'Start the local endpoint.';
  static override description =
    'It answers on 127.0.0.1 alone, and keeps everything in memory: what is in it is gone when it stops. ' +
    'Any AWS client finds it with AWS_ENDPOINT_URL; `pipectl local exec -- CMD` sets that for you.';
  static override examples = [
    '<%= config.bin %> local start',
    '<%= config.bin %> local start --port 4567 --limits off --memory 2GiB',
    '<%= config.bin %> local start --foreground',
  ];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({ description: 'Where it answers; 0 takes any free port.', default: 4566, min: 0, max: 65_535 }),
    limits: Flags.option({
      description: 'Per-shard limits as on AWS.',
      options: ['on', 'off'] as const,
      default: 'on',
    })(),
    memory: byteSizeFlag({
      description: 'How much stored records may take; the oldest go first.',
      helpValue: 'SIZE',
    }),
    tls: Flags.boolean({ description: 'Serve https, with a self-made certificate.' }),
    foreground: Flags.boolean({ description: 'Stay in this terminal, the log on stderr, until Ctrl-C.' }),
  };

  async run(): Promise<void> {
    const { port, limits, memory, tls, foreground } = this.flags;
    if (memory !== undefined && memory < LEAST_MEMORY_BYTES) {
      throw new UsageError(`--memory: ${formatByteSize(memory)} would hold next to nothing.`, {
        hint: `Give it ${formatByteSize(LEAST_MEMORY_BYTES)} at least.`,
      });
    }
    const settings: EndpointSettings = { port, limits, tls, ...(memory !== undefined && { memoryBytes: memory }) };
    if (foreground) return this.#stay(settings);
    const { startLocal } = await import('../../lib/local/daemon/start-local.js');
    const { record, started } = await startLocal(settings, stateFolder(this.io.env), this.signal);
    await this.#show(record, started ? 'started' : 'already running');
  }

  async #stay(settings: EndpointSettings): Promise<void> {
    const { runForeground } = await import('../../lib/local/daemon/run-foreground.js');
    await runForeground(settings, stateFolder(this.io.env), {
      log: (line) => this.progress.note(line),
      ready: (record) => this.#show(record, 'running'),
      signal: this.signal,
    });
  }

  #show(record: EndpointRecord, how: string): Promise<void> {
    this.progress.detail(`log: ${record.logFile ?? 'this terminal'}`);
    return this.out.result(record, ({ url, pid }) =>
      this.out.isTTY ? `${this.out.style.bold(url)}  ${how} (pid ${pid})` : url,
    );
  }
}
