import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag, readWith } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import type { EndpointRecord } from '../../lib/local/daemon/endpoint-record.js';
import type { EndpointSettings } from '../../lib/local/daemon/endpoint-settings.js';
import { parseAddress, parseHostName, parseMemory } from '../../lib/local/daemon/parse-start-flags.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { LIMITS } from '../../lib/local/limits.js';

const memoryFlag = Flags.custom<number>({ parse: readWith(parseMemory) });
const addressFlag = Flags.custom<string>({ parse: readWith(parseAddress) });
const hostNameFlag = Flags.custom<string>({ parse: readWith(parseHostName) });

export default class LocalStart extends PipectlCommand<typeof LocalStart> {
  static override summary = 'Start the local endpoint.';
  static override description =
    'It answers on this machine alone, and keeps everything in memory: what is in it is gone when it stops. ' +
    'Any AWS client finds it with AWS_ENDPOINT_URL; `pipectl local exec -- CMD` sets that for you.';
  static override examples = [
    '<%= config.bin %> local start',
    '<%= config.bin %> local start --port 4567 --limits off --memory 2GiB',
    '<%= config.bin %> local start --foreground --host 0.0.0.0 --allow-host pipectl',
  ];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({ description: 'Where it answers; 0 takes any free port.', default: 4566, min: 0, max: 65_535 }),
    limits: Flags.option({
      description: 'Limits of shards as on AWS; all: the call rates of an account too.',
      options: LIMITS,
      default: 'on',
    })(),
    memory: memoryFlag({
      description: 'How much stored records may take; the oldest go first.',
      helpValue: 'SIZE',
    }),
    tls: Flags.boolean({ description: 'Serve https, with a self-made certificate.' }),
    host: addressFlag({
      description: 'Listen on this address too, 0.0.0.0 for all: whoever reaches it can run code here.',
      helpValue: 'ADDRESS',
    }),
    'allow-host': hostNameFlag({
      description: 'Answer to this host name too; may be repeated.',
      helpValue: 'NAME',
      multiple: true,
    }),
    foreground: Flags.boolean({ description: 'Stay in this terminal, the log on stderr, until Ctrl-C.' }),
  };

  async run(): Promise<void> {
    const { port, limits, memory, tls, host, 'allow-host': allowHosts, foreground } = this.flags;
    const settings: EndpointSettings = {
      port,
      limits,
      tls,
      ...(memory !== undefined && { memoryBytes: memory }),
      ...(host !== undefined && { host }),
      ...(allowHosts && { allowHosts }),
    };
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
    if (record.host !== undefined) {
      this.progress.warn(`it listens on ${record.host}: whoever reaches that address can run code on this machine`);
    }
    this.progress.detail(`log: ${record.logFile ?? 'this terminal'}`);
    return this.out.result(record, ({ url, pid }) =>
      this.out.isTTY ? `${this.out.style.bold(url)}  ${how} (pid ${pid})` : url,
    );
  }
}
