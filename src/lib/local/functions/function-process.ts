import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createFrameReader, createLineCutter, type LineCutter } from './log-frames.js';
import type { OrphanGuard } from './orphan-guard.js';
import { openPeakMemory, type PeakMemory } from './peak-memory.js';
import { killTree, residentKb } from './process-tree.js';
import type { Launch } from './runtimes.js';
import type { StrayProcesses } from './stray-processes.js';

/** How long the log may lag behind the answer before it is not waited for any more. */
const LOG_LAG_MS = 100;
/** How long output that a dead process left in its pipes is waited for; something else may hold them open. */
const DRAIN_MS = 250;

export interface ProcessEvents {
  /** A line, or an event of several; its time by the process's own clock, undefined for raw output, which carries none. */
  onLine(text: string, timeMs: number | undefined): void;
  /** The process is gone, and so is all it forked; what it wrote has been read. */
  onExit(code: number | undefined, signal: NodeJS.Signals | undefined, startError: Error | undefined): void;
}

/** What sees to it that nothing of a function outlives it. */
export interface Cleanup {
  guard: OrphanGuard;
  strays: StrayProcesses;
}

/** The operating system's side of a function: one child process, its output, its memory, its end. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #cleanup: Cleanup;
  readonly #mark: string;
  readonly #events: ProcessEvents;
  readonly #peak: PeakMemory | undefined;
  readonly #cutters: LineCutter[] = [];
  #rawChunks = 0;
  #peakReadAt = Number.NEGATIVE_INFINITY;
  #lastPeakKb: number | undefined;
  #loggedBytes = 0;
  #awaited: { bytes: number; run(): void } | undefined;
  #killed = false;
  #strays: Promise<void> = Promise.resolve();

  constructor(
    launch: Launch,
    environment: Record<string, string>,
    folder: string,
    cleanup: Cleanup,
    events: ProcessEvents,
  ) {
    this.#cleanup = cleanup;
    this.#mark = `AWS_LAMBDA_LOG_STREAM_NAME=${environment.AWS_LAMBDA_LOG_STREAM_NAME}`;
    this.#events = events;
    const child = spawn(launch.command, launch.args, {
      cwd: folder,
      env: environment,
      // Its own process group, so that whatever it forks can be killed with it.
      detached: true,
      // For our own bootstraps two more: their log, and their connection to the Runtime API.
      stdio: ['ignore', 'pipe', 'pipe', ...(launch.framed ? (['pipe', 'pipe'] as const) : [])],
    });
    this.#child = child;
    child.unref();
    child.once('error', (error) => this.#exited(undefined, undefined, error));
    child.once('exit', (code, signal) => this.#exited(code ?? undefined, signal ?? undefined));
    if (child.pid === undefined) return;
    cleanup.guard.watch(child.pid);
    this.#peak = openPeakMemory(child.pid);
    for (const pipe of [child.stdout, child.stderr]) if (pipe) this.#readRaw(pipe);
    const frames = child.stdio[3];
    if (frames instanceof Readable) this.#readFrames(frames);
  }

  /** What it was given to reach the Runtime API without the network. */
  get connection(): Socket | undefined {
    const connection = this.#child.stdio[4];
    return connection instanceof Socket ? connection : undefined;
  }

  /**
   * The most memory it ever had, in KB; undefined where the system does not tell, and after its end.
   * @param maxAgeMs how old a reading may be that was made with this parameter; each new one is a file of the system's
   */
  peakKb(maxAgeMs = 0): number | undefined {
    const now = performance.now();
    if (maxAgeMs > 0) {
      if (now - this.#peakReadAt < maxAgeMs) return this.#lastPeakKb;
      this.#peakReadAt = now;
    }
    this.#lastPeakKb = this.#peak?.read();
    return this.#lastPeakKb;
  }

  /** What it and all it forked have now, in KB. */
  async residentKb(): Promise<number | undefined> {
    return this.#child.pid === undefined ? undefined : residentKb(this.#child.pid);
  }

  #readRaw(pipe: Readable): void {
    const cutter = this.#cutter((line) => this.#events.onLine(line, undefined));
    pipe.on('data', (chunk: Buffer) => {
      this.#rawChunks += 1;
      cutter.push(chunk);
    });
    pipe.on('error', () => {});
  }

  #readFrames(pipe: Readable): void {
    let timeMs = 0;
    const output = this.#cutter((line) => this.#events.onLine(line, timeMs));
    const read = createFrameReader((frame) => {
      timeMs = frame.timeMs;
      if (frame.kind === 'event') this.#events.onLine(frame.text.toString('utf8'), timeMs);
      else output.push(frame.text);
    });
    pipe.on('data', (chunk: Buffer) => {
      read(chunk);
      this.#loggedBytes += chunk.length;
      if (this.#awaited && this.#awaited.bytes <= this.#loggedBytes) this.#awaited.run();
    });
    pipe.on('error', () => {});
  }

  #cutter(onLine: (line: string) => void): LineCutter {
    const cutter = createLineCutter(onLine);
    this.#cutters.push(cutter);
    return cutter;
  }

  /** Hands on what is left of lines that have no newline. */
  endLines(): void {
    for (const cutter of this.#cutters) cutter.end();
  }

  /**
   * Runs when everything is read that the process had written by then.
   * @param loggedBytes what our bootstrap says it had logged; undefined for others, whose output alone is waited for
   */
  whenLogged(loggedBytes: number | undefined, run: () => void): void {
    // Even then, for what children of the function printed themselves.
    const quiet = (): void => this.#afterQuietTurn(run);
    if (loggedBytes === undefined || loggedBytes <= this.#loggedBytes) {
      quiet();
      return;
    }
    const timer = setTimeout(() => this.#awaited?.run(), LOG_LAG_MS).unref();
    this.#awaited = {
      bytes: loggedBytes,
      run: () => {
        clearTimeout(timer);
        this.#awaited = undefined;
        quiet();
      },
    };
  }

  /** Runs after what the process has written by now is read: once a turn of the event loop brings nothing more. */
  #afterQuietTurn(run: () => void): void {
    const chunks = this.#rawChunks;
    setImmediate(() => (this.#rawChunks === chunks ? run() : this.#afterQuietTurn(run)));
  }

  #exited(code: number | undefined, signal: NodeJS.Signals | undefined, startError?: Error): void {
    this.kill();
    void Promise.all([this.#drained(), this.#strays]).then(() => {
      this.endLines();
      this.#events.onExit(code, signal, startError);
    });
  }

  /** Resolves when the dead process's pipes are read to their end, or after a moment if something else holds them open. */
  #drained(): Promise<void> {
    if (this.#child.pid === undefined) return Promise.resolve();
    const open = this.#child.stdio.filter((pipe): pipe is Readable => pipe instanceof Readable && !pipe.closed);
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

  /** Ends the process and all it forked, at once; `onExit` follows. */
  kill(): void {
    const { pid } = this.#child;
    if (this.#killed || pid === undefined) return;
    this.#killed = true;
    killTree(pid);
    this.#strays = this.#cleanup.strays.kill(this.#mark);
    this.#cleanup.guard.release(pid);
    this.#peak?.close();
  }
}
