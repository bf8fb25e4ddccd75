import type { LogEvent } from '../local/functions/host-environment.js';
import { systemClock } from '../shared/clock.js';
import { UsageError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { Target } from '../target/target.js';
import type { ConsumeSettings } from './consume-settings.js';
import { openFunctionInvoker } from './function-invoker.js';
import { handlerIdentity } from './handler-identity.js';
import { execSpec, handlerSpec } from './handler-spec.js';
import type { Invoker } from './invoker.js';
import { openProcessInvoker } from './process-invoker.js';
import { watchCode } from './watch-code.js';

const INSPECT_PORT = 9229;
/** A debugger may hold an invocation for a day. */
const NO_TIMEOUT_MS = 86_400_000;
/** As many processes as a function has at once; each shard takes one a lane. */
const PROCESSES = 100;

/** Which handler flags name. */
export interface HandlerFlags {
  handler?: string | undefined;
  exec?: string | undefined;
  function?: string | undefined;
  watch: boolean;
  inspect: boolean;
}

export interface HandlerPlace {
  target: Target;
  accountId: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  clients(): Promise<Clients>;
  onLog(events: readonly LogEvent[]): void;
  onRestart(file: string): void;
}

export interface OpenedHandler {
  /** `src/ingest.mjs:handler`, as the summary names it. */
  title: string;
  invoker: Invoker;
  close(): Promise<void>;
}

/** The handler that flags name, ready to be invoked; its process starts with the first batch. @throws UsageError */
export async function openHandler(
  flags: HandlerFlags,
  settings: ConsumeSettings,
  place: HandlerPlace,
): Promise<OpenedHandler> {
  if (flags.function !== undefined) {
    if (flags.watch || flags.inspect)
      throw new UsageError(`--function and --${flags.watch ? 'watch' : 'inspect'} cannot be used together.`, {
        hint: 'A deployed function runs at the target: use --handler FILE.',
      });
    const invoker = await openFunctionInvoker(await place.clients(), flags.function);
    return { title: flags.function, invoker, close: () => invoker.close() };
  }
  const spec = specOf(flags, settings, place);
  const { endpointUrl, certificate } = place.target;
  const identity = handlerIdentity(place.target, place.env);
  const invoker = await openProcessInvoker({
    spec,
    // The debugger's port takes one process.
    processes: flags.inspect ? 1 : PROCESSES,
    environment: {
      clock: systemClock,
      endpointUrl: () => endpointUrl,
      certificate: () => certificate,
      ...(identity && { identity }),
    },
    onLog: place.onLog,
  });
  const stopWatching = flags.watch
    ? watchCode(spec.codeDir, (file) => {
        place.onRestart(file);
        invoker.restart();
      })
    : undefined;
  return {
    title: flags.handler ?? flags.exec ?? '',
    invoker,
    async close() {
      stopWatching?.();
      await invoker.close();
    },
  };
}

function specOf(flags: HandlerFlags, settings: ConsumeSettings, { cwd, target, accountId }: HandlerPlace) {
  const runSettings = {
    cwd,
    timeoutMs: flags.inspect ? NO_TIMEOUT_MS : settings.timeoutMs,
    memoryMb: settings.memoryMb,
    environment: settings.environment,
    region: target.region,
    accountId,
    inspectPort: flags.inspect ? INSPECT_PORT : undefined,
  };
  if (flags.handler !== undefined) return handlerSpec(flags.handler, runSettings);
  if (flags.exec !== undefined) return execSpec(flags.exec, runSettings);
  throw new UsageError('Missing flag: --handler FILE.', {
    hint: 'Name what handles the records: --handler src/ingest.mjs, --exec CMD or --function NAME.',
  });
}
