import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ServiceEnvironment } from '../service.js';
import { FunctionLog } from './function-log.js';
import { type FunctionSpec, type Invocation, type Outcome, SYNC_PAYLOAD_BYTES } from './function-spec.js';
import { createFrameReader, createLineCutter, type LineCutter } from './log-frames.js';
import { openPeakMemory, type PeakMemory, residentKb } from './memory-use.js';
import type { OrphanGuard } from './orphan-guard.js';
import { jsonLines, type PlatformLines, type Status, textLines } from './platform-lines.js';
import { type RuntimeApi, type RuntimeReport, startRuntimeApi } from './runtime-api.js';
import { chooseLaunch, type Launch, LaunchError } from './runtimes.js';
import { functionEnvironment } from './sandbox-environment.js';

/** How often running invocations are to be looked at by `watch`. One that is younger is left alone. */
export const WATCH_MS = 50;
/** How long output that a dead process left in its pipes is waited for; a grandchild may hold them open. */
const DRAIN_MS = 250;
/** How long the end frame may lag behind the answer before it is not waited for any more (a function may close its descriptors). */
const END_FRAME_MS = 100;

/** Why a process never came to its first invocation. */
export interface InitFailure {
  status: 'error' | 'timeout';
  errorType: string;
  /** The error as the runtime worded it, where it could; else `message` tells. */
  payload?: Buffer;
  message: string;
}

interface Verdict {
  status: Status;
  payload: Uint8Array;
  contentType?: string;
  errorType?: string;
  ofRuntime?: boolean;
  /** A line for the log, before END. */
  fault?: string;
}

interface Running {
  invocation: Invocation;
  startedAt: number;
  durationMs: number;
  verdict?: Verdict;
  ended: boolean;
  resolve(outcome: Outcome): void;
  cancelTimeout(): void;
}

/** One process of a function: started, asked to run invocations one at a time, killed. */
export class Sandbox {
  readonly spec: FunctionSpec;
  /** When it last became idle, by the endpoint's clock. */
  idleSince = 0;
  readonly #environment: ServiceEnvironment;
  readonly #guard: OrphanGuard;
  readonly #log: FunctionLog;
  readonly #lines: PlatformLines;
  readonly #scratchDir: string;
  readonly #onFree: (sandbox: Sandbox) => void;
  readonly #onDeath: (sandbox: Sandbox) => void;
  #api: RuntimeApi | undefined;
  #launch: Launch | undefined;
  #child: ChildProcess | undefined;
  #peak: PeakMemory | undefined;
  #raw: LineCutter[] = [];
  #framed: LineCutter | undefined;
  #rawTurns = 0;
  #settleInit: ((failure: InitFailure | undefined) => void) | undefined;
  #initMs: number | undefined;
  #running: Running | undefined;
  #waitsForWork = false;
  #killedFor: 'timeout' | 'memory' | undefined;
  #dead = false;
  #maxKb = 0;

  constructor(
    environment: ServiceEnvironment,
    spec: FunctionSpec,
    guard: OrphanGuard,
    id: string,
    events: { onFree(sandbox: Sandbox): void; onDeath(sandbox: Sandbox): void },
  ) {
    this.#environment = environment;
    this.spec = spec;
    this.#guard = guard;
    this.#onFree = events.onFree;
    this.#onDeath = events.onDeath;
    this.#log = new FunctionLog(environment, spec);
    this.#lines = spec.logFormat === 'JSON' ? jsonLines(spec.systemLogLevel) : textLines;
    this.#scratchDir = join(environment.dataDir, 'scratch', id);
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Starts the process and waits until it asks for work. The answer is why it did not, if it did not; it is dead then. */
  async init(limitMs: number, phase: 'init' | 'invoke' = 'init'): Promise<InitFailure | undefined> {
    const startedAt = performance.now();
    const failure = await this.#start(limitMs);
    const initMs = performance.now() - startedAt;
    const now = this.#environment.clock.now();
    if (failure) {
      this.kill();
      await this.#drained();
      this.#log.writePlatform(
        this.#lines.initReport(
          now,
          initMs,
          phase,
          failure.status,
          failure.status === 'error' ? failure.errorType : undefined,
        ),
        now,
      );
    } else if (phase === 'init') this.#initMs = initMs;
    return failure;
  }

  async #start(limitMs: number): Promise<InitFailure | undefined> {
    const { spec } = this;
    try {
      this.#launch = await chooseLaunch(spec);
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error;
      return { status: 'error', errorType: error.errorType, message: error.message };
    }
    await mkdir(this.#scratchDir, { recursive: true });
    const settled = new Promise<InitFailure | undefined>((resolve) => {
      this.#settleInit = (failure) => {
        this.#settleInit = undefined;
        cancel();
        resolve(failure);
      };
    });
    const cancel = this.#environment.clock.after(limitMs, () =>
      this.#settleInit?.({ status: 'timeout', errorType: 'Sandbox.Timedout', message: 'init took too long' }),
    );
    this.#api = await startRuntimeApi({
      onNext: () => this.#asksForWork(),
      onReport: (report) => this.#report(report),
      onInitError: (payload, errorType) =>
        this.#settleInit?.({ status: 'error', errorType, payload, message: 'init failed' }),
    });
    if (this.#dead) this.#settleInit?.({ status: 'error', errorType: 'Runtime.ExitError', message: 'killed' });
    else this.#spawn(this.#launch, this.#api);
    return settled;
  }

  #spawn(launch: Launch, api: RuntimeApi): void {
    const { spec } = this;
    const now = this.#environment.clock.now();
    this.#log.writeOfProcess(this.#lines.initStart(now, launch.version), now);
    const child = spawn(launch.command, launch.args, {
      cwd: spec.codeDir,
      // Its own process group, so that whatever it forks can be killed with it.
      detached: true,
      // For our own bootstraps two more: their log, and their connection to the Runtime API.
      stdio: ['ignore', 'pipe', 'pipe', ...(launch.framed ? (['pipe', 'pipe'] as const) : [])],
      env: functionEnvironment(
        spec,
        {
          runtimeApi: api.address,
          endpointUrl: this.#environment.endpointUrl(),
          logStream: this.#log.streamName,
          scratchDir: this.#scratchDir,
        },
        launch.environment,
      ),
    });
    this.#child = child;
    child.unref();
    child.once('error', (error) => this.#exited(undefined, undefined, error));
    if (child.pid === undefined) return;
    this.#guard.watch(child.pid);
    this.#peak = openPeakMemory(child.pid);
    for (const pipe of [child.stdout, child.stderr]) if (pipe) this.#readRaw(pipe);
    const [, , , frames, connection] = child.stdio;
    if (frames instanceof Readable) this.#readFrames(frames);
    if (connection instanceof Socket) api.adopt(connection);
    child.once('exit', (code, signal) => this.#exited(code ?? undefined, signal ?? undefined));
  }

  #readRaw(pipe: Readable): void {
    const cutter = createLineCutter((line) => this.#log.write(line, this.#environment.clock.now()));
    this.#raw.push(cutter);
    pipe.on('data', (chunk: Buffer) => {
      this.#rawTurns += 1;
      cutter.push(chunk);
    });
    pipe.on('error', () => {});
  }

  #readFrames(pipe: Readable): void {
    // Frames carry the function's own reading of the system's clock; the endpoint's may be ahead of it.
    const atEndpoint = (timeMs: number): number => timeMs + (this.#environment.clock.now() - Date.now());
    let timeMs = 0;
    const output = createLineCutter((line) => this.#log.write(line, timeMs));
    this.#framed = output;
    pipe.on(
      'data',
      createFrameReader((frame) => {
        timeMs = atEndpoint(frame.timeMs);
        if (frame.kind === 'event') this.#log.write(frame.text.toString('utf8'), timeMs);
        else if (frame.kind === 'output') output.push(frame.text);
        else {
          this.#maxKb = Math.max(this.#maxKb, Number(frame.text.toString('latin1')));
          if (this.#running) this.#running.ended = true;
          this.#finishWhenComplete();
        }
      }),
    );
    pipe.on('error', () => {});
  }

  /** Runs one invocation. Only on a process that waits for work. Always resolves: a death is an outcome too. */
  run(invocation: Invocation): Promise<Outcome> {
    return this.#begin(invocation, (running) => this.#hand(running, this.spec.timeoutMs));
  }

  /** Runs an invocation after an init that took longer than its own phase allows: init again, within the function's time-out. */
  runWithInit(invocation: Invocation): Promise<Outcome> {
    return this.#begin(invocation, async (running) => {
      const failure = await this.init(this.spec.timeoutMs, 'invoke');
      if (failure) this.#conclude(failure.status === 'timeout' ? this.#timeoutVerdict() : this.#initVerdict(failure));
      else this.#hand(running, Math.max(1, this.spec.timeoutMs - (performance.now() - running.startedAt)));
    });
  }

  /** Answers an invocation that came for a process whose init failed. */
  runFailed(invocation: Invocation, failure: InitFailure): Promise<Outcome> {
    return this.#begin(invocation, () => this.#conclude(this.#initVerdict(failure)));
  }

  #begin(invocation: Invocation, proceed: (running: Running) => void): Promise<Outcome> {
    const now = this.#environment.clock.now();
    this.#log.begin();
    this.#log.writePlatform(this.#lines.start(now, invocation.requestId, this.spec.version), now);
    return new Promise((resolve) => {
      const running: Running = {
        invocation,
        startedAt: performance.now(),
        durationMs: 0,
        ended: false,
        resolve,
        cancelTimeout: () => {},
      };
      this.#running = running;
      proceed(running);
    });
  }

  #hand(running: Running, budgetMs: number): void {
    const { clock } = this.#environment;
    running.cancelTimeout = clock.after(budgetMs, () => {
      if (running.verdict) return;
      this.#killedFor = 'timeout';
      this.kill();
    });
    this.#waitsForWork = false;
    // Not handed over first: how far the function would have come by then, nobody could say.
    if (running.invocation.crash) {
      this.kill();
      return;
    }
    // The function's own clock is the system's, whatever the endpoint's says.
    this.#api?.hand(running.invocation, Date.now() + budgetMs);
  }

  /** Looks at the running invocation: its memory against the ceiling, its log so far handed on. */
  watch(): void {
    const running = this.#running;
    const pid = this.#child?.pid;
    if (!running || performance.now() - running.startedAt < WATCH_MS) return;
    void this.#log.flush();
    if (pid === undefined) return;
    void residentKb(pid).then((kb) => {
      if (kb === undefined || this.#running !== running) return;
      this.#maxKb = Math.max(this.#maxKb, kb);
      if (kb <= this.spec.memoryMb * 1024 || running.verdict || this.#dead) return;
      this.#killedFor = 'memory';
      this.kill();
    });
  }

  #asksForWork(): void {
    this.#waitsForWork = true;
    if (this.#settleInit) {
      // Read now, for an invocation whose process will be gone when its report is written.
      this.#maxKb = Math.max(this.#maxKb, this.#peak?.read() ?? 0);
      this.#settleInit(undefined);
      return;
    }
    this.#freeWhenDone();
  }

  #freeWhenDone(): void {
    if (this.#waitsForWork && !this.#running && !this.#dead) this.#onFree(this);
  }

  #report(report: RuntimeReport): void {
    const running = this.#running;
    // Of an invocation that is over, such as one that timed out meanwhile: nobody waits for it.
    if (!running || running.verdict || running.invocation.requestId !== report.requestId) return;
    running.durationMs = performance.now() - running.startedAt;
    if (report.kind === 'response') {
      running.verdict = { status: 'success', payload: report.payload, contentType: report.contentType };
    } else if (report.kind === 'error') {
      running.verdict = { status: 'error', payload: report.payload, errorType: report.errorType };
    } else {
      running.verdict = {
        status: 'error',
        errorType: 'Function.ResponseSizeTooLarge',
        ofRuntime: true,
        payload: errorPayload(
          'Function.ResponseSizeTooLarge',
          `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`,
        ),
      };
    }
    if (this.#launch?.framed) {
      if (!running.ended) {
        setTimeout(() => {
          running.ended = true;
          if (this.#running === running) this.#finishWhenComplete();
        }, END_FRAME_MS).unref();
      }
      this.#finishWhenComplete();
    } else this.#afterQuietTurn(() => this.#finish(running));
  }

  /** What a runtime wrote before its answer is in its pipes by now: read until one turn of the event loop brings nothing more. */
  #afterQuietTurn(run: () => void): void {
    const turns = this.#rawTurns;
    setImmediate(() => (this.#rawTurns === turns ? run() : this.#afterQuietTurn(run)));
  }

  #finishWhenComplete(): void {
    const running = this.#running;
    if (running?.verdict && running.ended) this.#finish(running);
  }

  #conclude(verdict: Verdict): void {
    const running = this.#running;
    if (!running || running.verdict) return;
    running.durationMs = performance.now() - running.startedAt;
    running.verdict = verdict;
    this.#finish(running);
  }

  #finish(running: Running): void {
    const { verdict } = running;
    if (this.#running !== running || !verdict) return;
    running.cancelTimeout();
    this.#framed?.end();
    for (const cutter of this.#raw) cutter.end();
    const { requestId } = running.invocation;
    const { memoryMb } = this.spec;
    const now = this.#environment.clock.now();
    this.#maxKb = Math.max(this.#maxKb, this.#peak?.read() ?? 0);
    if (verdict.fault) this.#log.writePlatform(this.#lines.fault(now, requestId, verdict.fault), now);
    this.#log.writePlatform(this.#lines.end(requestId), now);
    this.#log.writePlatform(
      this.#lines.report(now, {
        requestId,
        durationMs: running.durationMs,
        memoryMb,
        maxMemoryMb: Math.min(Math.ceil(this.#maxKb / 1024), memoryMb),
        initMs: this.#initMs,
        status: verdict.status,
        errorType: verdict.errorType,
        ofRuntime: verdict.ofRuntime ?? false,
      }),
      now,
    );
    this.#initMs = undefined;
    const outcome: Outcome = {
      payload: verdict.payload,
      contentType: verdict.contentType ?? 'application/json',
      logTail: this.#log.tail,
      durationMs: running.durationMs,
      ...(verdict.status === 'success' ? {} : { functionError: 'Unhandled' }),
    };
    this.#running = undefined;
    void this.#log.flush();
    running.resolve(outcome);
    this.#freeWhenDone();
  }

  #exited(code: number | undefined, signal: NodeJS.Signals | undefined, spawnError?: Error): void {
    const early = this.#settleInit;
    const running = this.#running;
    this.kill();
    void this.#drained().then(() => {
      const message = spawnError ? `Couldn't start the runtime: ${spawnError.message}` : exitMessage(code, signal);
      early?.({ status: 'error', errorType: spawnError ? 'Runtime.InvalidEntrypoint' : 'Runtime.ExitError', message });
      if (!running || early) return;
      if (running.verdict) this.#finish(running);
      else this.#conclude(this.#killedFor === 'timeout' ? this.#timeoutVerdict() : this.#deathVerdict(message));
    });
  }

  #deathVerdict(message: string): Verdict {
    const requestId = this.#running?.invocation.requestId;
    const errorType = this.#killedFor === 'memory' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
    const sentence = `RequestId: ${requestId} Error: ${message}`;
    if (this.#killedFor === 'memory') this.#maxKb = Math.max(this.#maxKb, this.spec.memoryMb * 1024);
    return {
      status: 'error',
      errorType,
      ofRuntime: true,
      payload: errorPayload(errorType, sentence),
      fault: `${sentence}\nRuntime.ExitError`,
    };
  }

  #timeoutVerdict(): Verdict {
    const requestId = this.#running?.invocation.requestId;
    const text = `Task timed out after ${(this.spec.timeoutMs / 1000).toFixed(2)} seconds`;
    return {
      status: 'timeout',
      errorType: 'Sandbox.Timedout',
      ofRuntime: true,
      payload: errorPayload('Sandbox.Timedout', `RequestId: ${requestId} Error: ${text}`),
      fault: `${new Date(this.#environment.clock.now()).toISOString()} ${requestId} ${text}`,
    };
  }

  #initVerdict(failure: InitFailure): Verdict {
    const requestId = this.#running?.invocation.requestId;
    const sentence = `RequestId: ${requestId} Error: ${failure.message}`;
    return {
      status: 'error',
      errorType: failure.errorType,
      ofRuntime: true,
      payload: failure.payload ?? errorPayload(failure.errorType, sentence),
      ...(failure.payload ? {} : { fault: `${sentence}\n${failure.errorType}` }),
    };
  }

  /** Resolves when the dead process's pipes are read to their end, or after a moment if something else holds them open. */
  #drained(): Promise<void> {
    const child = this.#child;
    if (!child || child.pid === undefined) return Promise.resolve();
    const open = child.stdio.filter((pipe): pipe is Readable => pipe instanceof Readable && !pipe.closed);
    if (open.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      let left = open.length;
      const timer = setTimeout(resolve, DRAIN_MS);
      for (const pipe of open) {
        pipe.once('close', () => {
          left -= 1;
          if (left > 0) return;
          clearTimeout(timer);
          resolve();
        });
      }
    });
  }

  /** Ends the process and all it forked, at once. A running invocation then ends by its death. */
  kill(): void {
    const pid = this.#child?.pid;
    if (pid !== undefined) killGroup(pid);
    if (this.#dead) return;
    this.#dead = true;
    if (pid !== undefined) this.#guard.release(pid);
    this.#peak?.close();
    this.#api?.close();
    if (!this.#child) this.#settleInit?.({ status: 'error', errorType: 'Runtime.ExitError', message: 'killed' });
    this.#onDeath(this);
  }

  /** Kills, and resolves when the process is gone and its log is stored. */
  async close(): Promise<void> {
    const child = this.#child;
    const gone =
      child && child.exitCode === null && child.signalCode === null && child.pid !== undefined
        ? new Promise<void>((resolve) => child.once('exit', () => resolve()))
        : Promise.resolve();
    this.kill();
    await gone;
    await this.#log.flush();
  }

  /** Where its log is kept. */
  get logStream(): string {
    return this.#log.streamName;
  }

  /** Stores what init wrote when no invocation will. */
  flushLog(): Promise<void> {
    return this.#log.flush();
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
};

/** In the words of the platform's own supervisor, which is written in Go. */
function exitMessage(code: number | undefined, signal: NodeJS.Signals | undefined): string {
  if (signal) return `Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal.slice(3).toLowerCase()}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}

const errorPayload = (errorType: string, errorMessage: string): Uint8Array =>
  Buffer.from(JSON.stringify({ errorType, errorMessage }));
