import * as Flags from '@oclif/core/flags';
import { durationFlag, globalFlags, integerFlag, readWith } from '../../lib/cli/flags.js';
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
    'The endpoint accepts connections from this machine only. Its data is in memory and is lost when it stops. ' +
    'AWS clients find it by AWS_ENDPOINT_URL, which `pipectl local exec -- CMD` sets.';
  static override examples = [
    '<%= config.bin %> local start',
    '<%= config.bin %> local start --port 4567 --limits off --memory 2GiB',
    '<%= config.bin %> local start --foreground --host 0.0.0.0 --allow-host pipectl',
  ];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({ description: 'Port; 0 takes a free one.', default: 4566, min: 0, max: 65_535 }),
    limits: Flags.option({
      description: 'AWS limits: shards (on), call rates too (all), none (off).',
      options: LIMITS,
      default: 'on',
    })(),
    memory: memoryFlag({
      description: 'Maximum size of stored records; the oldest are dropped first.',
      helpValue: 'SIZE',
    }),
    'max-buffering': durationFlag({
      description: 'Maximum buffering interval and batching window.',
      helpValue: 'DURATION',
    }),
    tls: Flags.boolean({ description: 'Serve HTTPS with a self-signed certificate.' }),
    host: addressFlag({
      description: 'Also listen on this address. Its clients can run code here.',
      helpValue: 'ADDRESS',
    }),
    'allow-host': hostNameFlag({
      description: 'Also accept this host name (repeatable).',
      helpValue: 'NAME',
      multiple: true,
    }),
    inert: Flags.string({
      description: 'Keep this resource type without effect (repeatable).',
      helpValue: 'TYPE|GLOB',
      multiple: true,
    }),
    foreground: Flags.boolean({ description: 'Run in this terminal until Ctrl-C; log on stderr.' }),
  };

  async run(): Promise<void> {
    const {
      port,
      limits,
      memory,
      tls,
      host,
      'allow-host': allowHosts,
      'max-buffering': maxBuffering,
      foreground,
    } = this.flags;
    const inert = [...(this.flags.inert ?? []), ...((await this.projectFile())?.local?.inert ?? [])];
    const settings: EndpointSettings = {
      port,
      limits,
      tls,
      ...(memory !== undefined && { memoryBytes: memory }),
      ...(maxBuffering !== undefined && { maxBufferingMs: maxBuffering }),
      ...(host !== undefined && { host }),
      ...(allowHosts && { allowHosts }),
      ...(inert.length > 0 && { inert: [...new Set(inert)] }),
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
      this.progress.warn(`listening on ${record.host}: clients that reach this address can run code on this machine`);
    }
    this.progress.detail(`log: ${record.logFile ?? 'this terminal'}`);
    return this.out.result(record, ({ url, pid }) =>
      this.out.isTTY ? `${this.out.style.bold(url)}  ${how} (pid ${pid})` : url,
    );
  }
}
