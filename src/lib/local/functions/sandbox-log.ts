import { asAtAws } from './aws-paths.js';
import { FunctionLog } from './function-log.js';
import type { FunctionSpec } from './function-spec.js';
import type { HostEnvironment } from './host-environment.js';
import { jsonLines, type PlatformLines, textLines } from './platform-lines.js';
import type { InitFailure, Verdict } from './verdict.js';

/** All that is logged of one process: its own lines, and the platform's about it with their figures. */
export class SandboxLog {
  readonly #environment: HostEnvironment;
  readonly #spec: FunctionSpec;
  readonly #log: FunctionLog;
  readonly #lines: PlatformLines;
  /** Gives the folders in a text the names they have at AWS. */
  readonly asAtAws: (text: string) => string;
  /** How long init took, until a REPORT told. */
  #initMs: number | undefined;
  #maxKb = 0;

  constructor(environment: HostEnvironment, spec: FunctionSpec) {
    this.#environment = environment;
    this.#spec = spec;
    this.#log = new FunctionLog(environment, spec);
    this.#lines = spec.logFormat === 'JSON' ? jsonLines(spec.systemLogLevel) : textLines;
    this.asAtAws = asAtAws(spec);
  }

  get streamName(): string {
    return this.#log.streamName;
  }

  /** The last 4 KB of the current invocation's log. */
  get tail(): string {
    return this.#log.tail;
  }

  /** A line that the function wrote. @param timeMs by the system's clock; the endpoint's may be ahead of that */
  write(text: string, timeMs: number | undefined): void {
    const now = this.#environment.clock.now();
    this.#log.write(this.asAtAws(text), timeMs === undefined ? now : timeMs + now - Date.now());
  }

  initStart(version: string): void {
    const now = this.#environment.clock.now();
    this.#log.writeOfProcess(this.#lines.initStart(now, version), now);
  }

  /** @param phase where a second init, within an invocation, succeeds, its time is part of the invocation's */
  initDone(initMs: number, phase: 'init' | 'invoke'): void {
    if (phase === 'init') this.#initMs = initMs;
  }

  initFailed(initMs: number, phase: 'init' | 'invoke', failure: InitFailure): void {
    const now = this.#environment.clock.now();
    const errorType = failure.status === 'error' ? failure.errorType : undefined;
    this.#log.writePlatform(this.#lines.initReport(now, initMs, phase, failure.status, errorType), now);
  }

  begin(requestId: string): void {
    const now = this.#environment.clock.now();
    this.#log.begin();
    this.#log.writePlatform(this.#lines.start(now, requestId, this.#spec.version), now);
  }

  end(requestId: string, durationMs: number, verdict: Verdict): void {
    const now = this.#environment.clock.now();
    const { memoryMb } = this.#spec;
    if (verdict.fault) this.#log.writePlatform(this.#lines.fault(now, requestId, verdict.fault), now);
    this.#log.writePlatform(this.#lines.end(requestId), now);
    const report = this.#lines.report(now, {
      requestId,
      durationMs,
      memoryMb,
      maxMemoryMb: Math.min(Math.ceil(this.#maxKb / 1024), memoryMb),
      initMs: this.#initMs,
      status: verdict.status,
      errorType: verdict.errorType,
      ofRuntime: verdict.ofRuntime ?? false,
    });
    this.#log.writePlatform(report, now);
    this.#initMs = undefined;
  }

  /** A reading of the process's memory; the most of them is reported. */
  sawMemory(kb: number | undefined): void {
    if (kb !== undefined) this.#maxKb = Math.max(this.#maxKb, kb);
  }

  /** Hands on what is gathered. */
  flush(): Promise<void> {
    return this.#log.flush();
  }
}
