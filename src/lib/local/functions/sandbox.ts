import { join } from 'node:path';
import { removeTree } from '../../shared/remove-tree.js';
import type { Cleanup, ProcessEvents } from './function-process.js';
import type { FunctionSpec, Invocation, Outcome } from './function-spec.js';
import type { HostEnvironment } from './host-environment.js';
import { InitPhase } from './init-phase.js';
import { RunningInvocation } from './running-invocation.js';
import type { RuntimeApiEvents, RuntimeReport } from './runtime-api.js';
import { chooseLaunch, type Launch, LaunchError } from './runtimes.js';
import { SandboxLog } from './sandbox-log.js';
import { type Runtime, startRuntime } from './start-runtime.js';
import {
  deathVerdict,
  exitMessage,
  type InitFailure,
  initDeath,
  initVerdict,
  reportedVerdict,
  timeoutVerdict,
  type Verdict,
} from './verdict.js';

/** How often processes that init or run are to be looked at by `watch`. What is younger is left alone. */
export const WATCH_MS = 50;
/** In a quick succession of invocations, a reading of the peak of memory after one of them stands for the next ones too. */
const PEAK_READ_MS = 20;

const KILLED: InitFailure = { status: 'error', errorType: 'Runtime.ExitError', message: 'killed' };

/** Who is told of a process. */
export interface SandboxHost {
  /** It waits for work. */
  onFree(sandbox: Sandbox): void;
  onDeath(sandbox: Sandbox): void;
}

/** One process of a function: started, asked to run invocations one at a time, killed. */
export class Sandbox {
  readonly spec: FunctionSpec;
  /** When it last became idle, by the endpoint's clock. */
  idleSince = 0;
  readonly #environment: HostEnvironment;
  readonly #cleanup: Cleanup;
  readonly #log: SandboxLog;
  readonly #scratchDir: string;
  readonly #host: SandboxHost;
  #runtime: Runtime | undefined;
  #gone: Promise<void> = Promise.resolve();
  #init: InitPhase | undefined;
  #running: RunningInvocation | undefined;
  #ready = false;
  #waitsForWork = false;
  #killedFor: 'timeout' | 'memory' | undefined;
  #dead = false;

  constructor(environment: HostEnvironment, spec: FunctionSpec, cleanup: Cleanup, id: string, host: SandboxHost) {
    this.#environment = environment;
    this.spec = spec;
    this.#cleanup = cleanup;
    this.#host = host;
    this.#log = new SandboxLog(environment, spec);
    this.#scratchDir = join(environment.dataDir, 'scratch', id);
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Starts the process and waits until it asks for work. The answer is why it did not, if it did not; it is dead then. */
  async init(limitMs: number, phase: 'init' | 'invoke' = 'init'): Promise<InitFailure | undefined> {
    let startedAt = performance.now();
    let failure: InitFailure | undefined;
    try {
      const launch = await chooseLaunch(this.spec);
      const init = new InitPhase(this.#environment.clock, limitMs); // looking for an interpreter is no part of it
      startedAt = init.startedAt;
      this.#init = init;
      await this.#start(launch, init);
      failure = await init.ended;
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error;
      failure = { status: 'error', errorType: error.errorType, message: error.message };
    }
    const initMs = performance.now() - startedAt;
    if (failure) {
      this.kill();
      await this.#gone;
      this.#log.initFailed(initMs, phase, failure);
    } else this.#log.initDone(initMs, phase);
    return failure;
  }

  async #start(launch: Launch, init: InitPhase): Promise<void> {
    const plan = { environment: this.#environment, spec: this.spec, launch, cleanup: this.#cleanup };
    const place = { scratchDir: this.#scratchDir, logStream: this.#log.streamName };
    let gone = (): void => {};
    this.#gone = new Promise((resolve) => {
      gone = resolve;
    });
    try {
      this.#runtime = await startRuntime({ ...plan, ...place }, this.#events(gone), () => !this.#dead);
    } catch (error) {
      // The machine's doing, such as a full disk.
      const message = `pipectl could not start a process: ${error instanceof Error ? error.message : error}`;
      init.end({ status: 'error', errorType: 'Sandbox.Failure', message });
    }
    if (!this.#runtime) gone();
    if (this.#dead) this.#stop();
    else this.#log.initStart(launch.version);
  }

  #events(gone: () => void): RuntimeApiEvents & ProcessEvents {
    return {
      onNext: () => this.#asksForWork(),
      onReport: (report) => this.#report(report),
      onInitError: (payload, errorType) => {
        this.#log.sawMemory(this.#runtime?.process.peakKb());
        this.#init?.end({ status: 'error', errorType, payload: this.#renamed(payload), message: 'init failed' });
      },
      onLine: (text, timeMs) => this.#log.write(text, timeMs),
      onExit: (code, signal, startError) => {
        this.#exited(
          startError ? `Couldn't start the runtime: ${startError.message}` : exitMessage(code, signal),
          startError,
        );
        gone();
      },
    };
  }

  #renamed(error: Buffer): Buffer {
    return Buffer.from(this.#log.asAtAws(error.toString('utf8')));
  }

  /**
   * Runs one invocation. Only on a process that waits for work. A death is an outcome too.
   * @param giveBack called instead, if the process died before it took the invocation; then the answer never comes
   */
  run(invocation: Invocation, giveBack?: () => void): Promise<Outcome> {
    return this.#begin(invocation, (running) => this.#hand(running, this.spec.timeoutMs), giveBack);
  }

  /** Runs an invocation after an init that took longer than its own phase allows: init again, within the function's time-out. */
  runWithInit(invocation: Invocation): Promise<Outcome> {
    return this.#begin(invocation, async (running) => {
      const failure = await this.init(this.spec.timeoutMs, 'invoke');
      if (!failure) this.#hand(running, Math.max(1, this.spec.timeoutMs - (performance.now() - running.startedAt)));
      else if (failure.status === 'timeout') this.#conclude(this.#timeout(invocation));
      else this.#conclude(initVerdict(invocation.requestId, failure));
    });
  }

  /** Answers an invocation that came for a process whose init failed. */
  runFailed(invocation: Invocation, failure: InitFailure): Promise<Outcome> {
    return this.#begin(invocation, () => this.#conclude(initVerdict(invocation.requestId, failure)));
  }

  #begin(
    invocation: Invocation,
    proceed: (running: RunningInvocation) => void,
    giveBack?: () => void,
  ): Promise<Outcome> {
    this.#log.begin(invocation.requestId);
    return new Promise((resolve) => {
      const running = new RunningInvocation(invocation, resolve, giveBack);
      this.#running = running;
      proceed(running);
    });
  }

  #hand(running: RunningInvocation, budgetMs: number): void {
    running.cancelTimeout = this.#environment.clock.after(budgetMs, () => {
      if (running.verdict || this.#dead) return; // dead of something else, and only not yet gone
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
    this.#runtime?.api.hand(running.invocation, Date.now() + budgetMs);
  }

  /** Looks at what init or an invocation does: its memory against the ceiling, an invocation's log so far handed on. */
  watch(): void {
    const running = this.#running;
    const init = this.#init;
    const initializing = init?.isOpen;
    const startedAt = initializing ? init?.startedAt : running?.startedAt;
    if (startedAt === undefined || performance.now() - startedAt < WATCH_MS) return;
    if (running) void this.#log.flush();
    void this.#runtime?.process.residentKb().then((kb) => {
      if (kb === undefined || this.#running !== running || this.#init?.isOpen !== initializing) return;
      this.#log.sawMemory(kb);
      if (kb <= this.spec.memoryMb * 1024 || running?.verdict || this.#dead) return;
      this.#killedFor = 'memory';
      this.kill();
    });
  }

  #asksForWork(): void {
    this.#waitsForWork = true;
    this.#ready = true;
    if (!this.#init?.isOpen) {
      this.#freeWhenDone();
      return;
    }
    // Read now, for an invocation whose process will be gone when its report is written.
    this.#log.sawMemory(this.#runtime?.process.peakKb());
    this.#init.end();
  }

  #freeWhenDone(): void {
    if (this.#waitsForWork && !this.#running && !this.#dead) this.#host.onFree(this);
  }

  #report(report: RuntimeReport): void {
    const running = this.#running;
    // Of an invocation that is over, such as one that timed out meanwhile: nobody waits for it.
    if (!running || running.verdict || running.invocation.requestId !== report.requestId) return;
    const told = report.kind === 'error' ? { ...report, payload: this.#renamed(report.payload) } : report;
    running.conclude(reportedVerdict(told));
    this.#log.sawMemory(report.peakKb);
    this.#runtime?.process.whenLogged(report.loggedBytes, () => this.#finish(running));
  }

  #conclude(verdict: Verdict): void {
    const running = this.#running;
    if (!running || running.verdict) return;
    running.conclude(verdict);
    this.#finish(running);
  }

  #finish(running: RunningInvocation): void {
    const { verdict, durationMs } = running;
    if (this.#running !== running || !verdict) return;
    running.cancelTimeout();
    this.#runtime?.process.endLines();
    this.#log.sawMemory(this.#runtime?.process.peakKb(PEAK_READ_MS));
    this.#log.end(running.invocation.requestId, durationMs, verdict);
    this.#running = undefined;
    void this.#log.flush();
    running.answer(verdict, this.#log.tail);
    this.#freeWhenDone();
  }

  #exited(message: string, startError: Error | undefined): void {
    removeTree(this.#scratchDir).catch(() => {}); // the endpoint's end removes what is left
    const running = this.#running;
    const early = this.#init?.isOpen;
    const untaken = !this.#dead && this.#runtime?.api.untaken;
    this.kill();
    if (early) {
      this.#init?.end(initDeath(message, startError !== undefined, this.#killedFor === 'memory'));
      return;
    }
    // An invocation that waits for init to be done again hears from there.
    if (!running) void this.#log.flush(); // what it wrote after its last answer
    if (!running || !this.#ready) return;
    if (running.verdict) this.#finish(running);
    else if (untaken && running.giveBack) this.#giveBack(running);
    else if (this.#killedFor === 'timeout') this.#conclude(this.#timeout(running.invocation));
    else {
      const outOfMemory = this.#killedFor === 'memory';
      if (outOfMemory) this.#log.sawMemory(this.spec.memoryMb * 1024);
      this.#conclude(deathVerdict(running.invocation.requestId, message, outOfMemory));
    }
  }

  #giveBack(running: RunningInvocation): void {
    running.cancelTimeout();
    this.#running = undefined;
    void this.#log.flush();
    running.giveBack?.();
  }

  #timeout({ requestId }: Invocation): Verdict {
    return timeoutVerdict(requestId, this.spec.timeoutMs, this.#environment.clock.now());
  }

  /** Ends the process and all it forked, at once. A running invocation then ends by its death. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#stop();
    this.#host.onDeath(this);
  }

  #stop(): void {
    this.#runtime?.process.kill();
    this.#runtime?.api.close();
    if (!this.#runtime) this.#init?.end(KILLED);
  }

  /** Kills, and resolves when the process is gone and its log is stored. */
  async close(): Promise<void> {
    this.kill();
    await this.#gone;
    await this.#log.flush();
  }

  /** Stores what init wrote when no invocation will. */
  flushLog(): Promise<void> {
    return this.#log.flush();
  }
}
