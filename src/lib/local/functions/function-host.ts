import { codeFolder } from './code-store.js';
import type { FunctionSpec, Invocation, Outcome } from './function-spec.js';
import type { HostEnvironment } from './host-environment.js';
import { createOrphanGuard } from './orphan-guard.js';
import { Sandbox, WATCH_MS } from './sandbox.js';
import { createStrayProcesses } from './stray-processes.js';

/** AWS gives init ten seconds of its own. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_MS = 10_000;
/** Processes at once, of all functions. Callers beyond it wait, so that a burst does not drown the machine. */
const PROCESSES = 100;
/** An idle process is kept this long. AWS does not say; minutes were seen. */
const IDLE_MS = 300_000;

/** Runs functions as plain processes: one invocation at a time in each, more processes for more at once. */
export interface FunctionHost {
  /** Runs an invocation in an idle process of that spec, or in a new one. Rejects only when the host closes. */
  invoke(spec: FunctionSpec, invocation: Invocation): Promise<Outcome>;
  /** Lets go of the processes that `chosen` names: idle ones at once, busy ones after what they run. */
  retire(chosen: (spec: FunctionSpec) => boolean): void;
  /** What its processes run, or its callers wait for. */
  inUse(): FunctionSpec[];
  close(): Promise<void>;
}

/** As many processes may die before they take an invocation; the next one's death is its outcome. */
const MOST_GIVEN_BACK = 2;

interface Pending {
  invocation: Invocation;
  /** How many processes died before they took it. */
  givenBack: number;
  resolve(outcome: Outcome): void;
  reject(reason: unknown): void;
}

interface Pool {
  spec: FunctionSpec;
  idle: Sandbox[];
  pending: Pending[];
  starting: number;
  retired: boolean;
}

/** @param processes how many may run at once, of all functions */
export function createFunctionHost(environment: HostEnvironment, processes = PROCESSES): FunctionHost {
  const { clock } = environment;
  const cleanup = { guard: createOrphanGuard(codeFolder(environment.dataDir)), strays: createStrayProcesses() };
  const pools = new Map<string, Pool>();
  const sandboxes = new Set<Sandbox>();
  /** Those that init or run. */
  const watched = new Set<Sandbox>();
  /** Pools with callers that wait for a place among the processes. */
  const crowded = new Set<Pool>();
  let closed = false;
  let lastId = 0;

  const poolOf = (spec: FunctionSpec): Pool => {
    let pool = pools.get(spec.key);
    if (!pool) pools.set(spec.key, (pool = { spec, idle: [], pending: [], starting: 0, retired: false }));
    return pool;
  };

  const pump = (pool: Pool): void => {
    while (pool.pending.length > 0) {
      const sandbox = pool.idle.pop();
      if (!sandbox) break;
      if (sandbox.dead) continue;
      const pending = pool.pending.shift();
      if (pending) execute(sandbox, pending, (invocation) => sandbox.run(invocation, giveBack(pool, sandbox, pending)));
    }
    while (pool.pending.length > pool.starting) {
      if (sandboxes.size >= processes && !evictIdle()) {
        crowded.add(pool);
        return;
      }
      void start(pool);
    }
  };

  const giveBack = (pool: Pool, sandbox: Sandbox, pending: Pending): (() => void) | undefined => {
    if (pending.givenBack >= MOST_GIVEN_BACK) return undefined;
    return () => {
      watched.delete(sandbox);
      pending.givenBack += 1;
      if (closed) return pending.reject(new Error('the function host is closing'));
      pool.pending.unshift(pending);
      pump(pool);
    };
  };

  const execute = (
    sandbox: Sandbox,
    { invocation, resolve, reject }: Pending,
    run: (invocation: Invocation) => Promise<Outcome>,
  ): void => {
    watched.add(sandbox);
    watcher ??= setInterval(watch, WATCH_MS).unref();
    run(invocation)
      .then(resolve, reject)
      .finally(() => watched.delete(sandbox));
  };

  const pumpCrowded = (): void => {
    for (const waiting of [...crowded]) {
      crowded.delete(waiting);
      pump(waiting);
    }
  };

  let watcher: NodeJS.Timeout | undefined;
  const watch = (): void => {
    for (const sandbox of watched) sandbox.watch();
    if (watched.size > 0) return;
    clearInterval(watcher);
    watcher = undefined;
  };

  const evictIdle = (): boolean => {
    let oldest: Sandbox | undefined;
    for (const pool of pools.values()) {
      const first = pool.idle[0];
      if (first && (!oldest || first.idleSince < oldest.idleSince)) oldest = first;
    }
    oldest?.kill();
    return oldest !== undefined;
  };

  const onFree = (sandbox: Sandbox): void => {
    const pool = poolOf(sandbox.spec);
    // Whoever asked before the pool was retired is still served by it.
    if (closed || (pool.retired && pool.pending.length === 0)) {
      sandbox.kill();
      return;
    }
    sandbox.idleSince = clock.now();
    pool.idle.push(sandbox);
    pump(pool);
    pumpCrowded(); // one that nobody wants now may make room for another function's
  };

  const onDeath = (sandbox: Sandbox): void => {
    sandboxes.delete(sandbox);
    const pool = pools.get(sandbox.spec.key);
    if (pool) pool.idle = pool.idle.filter((other) => other !== sandbox);
    if (closed) return;
    pumpCrowded();
  };

  const create = (pool: Pool): Sandbox => {
    const sandbox = new Sandbox(environment, pool.spec, cleanup, String(++lastId), { onFree, onDeath });
    sandboxes.add(sandbox);
    return sandbox;
  };

  const start = async (pool: Pool): Promise<void> => {
    pool.starting += 1;
    const sandbox = create(pool);
    watched.add(sandbox);
    watcher ??= setInterval(watch, WATCH_MS).unref();
    const failure = await sandbox.init(INIT_MS);
    watched.delete(sandbox);
    pool.starting -= 1;
    if (closed) return;
    if (!failure) return onFree(sandbox);
    const pending = pool.pending.shift();
    if (!pending) return void sandbox.flushLog();
    if (failure.status === 'timeout') {
      void sandbox.flushLog();
      const second = create(pool);
      execute(second, pending, (invocation) => second.runWithInit(invocation));
    } else execute(sandbox, pending, (invocation) => sandbox.runFailed(invocation, failure));
    pump(pool);
  };

  let cancelSweep = (): void => {};
  const sweep = (): void => {
    for (const [key, pool] of pools) {
      for (const sandbox of [...pool.idle]) if (clock.now() - sandbox.idleSince >= IDLE_MS) sandbox.kill();
      const used = pool.starting > 0 || pool.pending.length > 0 || [...sandboxes].some(({ spec }) => spec.key === key);
      if (pool.retired && !used) pools.delete(key);
    }
    cancelSweep = clock.after(IDLE_MS / 5, sweep);
  };
  cancelSweep = clock.after(IDLE_MS / 5, sweep);

  return {
    invoke(spec, invocation) {
      if (closed) return Promise.reject(new Error('the function host is closing'));
      const pool = poolOf(spec);
      pool.retired = false; // asked for again, as when a configuration was changed back
      return new Promise((resolve, reject) => {
        pool.pending.push({ invocation, givenBack: 0, resolve, reject });
        pump(pool);
      });
    },
    retire(chosen) {
      for (const pool of pools.values()) {
        if (!chosen(pool.spec)) continue;
        pool.retired = true;
        for (const sandbox of [...pool.idle]) sandbox.kill();
      }
    },
    inUse: () => [
      ...[...sandboxes].map(({ spec }) => spec),
      ...[...pools.values()].filter(({ pending }) => pending.length > 0).map(({ spec }) => spec),
    ],
    async close() {
      closed = true;
      cancelSweep();
      clearInterval(watcher);
      const reason = new Error('the function host is closing');
      for (const pool of pools.values()) for (const pending of pool.pending.splice(0)) pending.reject(reason);
      await Promise.all([...sandboxes].map((sandbox) => sandbox.close()));
      cleanup.guard.close();
    },
  };
}
