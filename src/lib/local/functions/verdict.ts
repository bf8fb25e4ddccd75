import { SYNC_PAYLOAD_BYTES } from '../../shared/payload-limit.js';
import type { Status } from './platform-lines.js';
import type { RuntimeReport } from './runtime-api.js';

/** How an invocation ended: what its caller gets, and what its log says. */
export interface Verdict {
  status: Status;
  payload: Uint8Array;
  contentType?: string;
  errorType?: string;
  /** Whether the error is the runtime's own, not one the handler threw. */
  ofRuntime?: boolean;
  /** A line for the log, before END. */
  fault?: string;
}

/** Why a process never came to its first invocation. */
export interface InitFailure {
  status: 'error' | 'timeout';
  errorType: string;
  /** The error as the runtime worded it, where it could; else `message` tells. */
  payload?: Buffer;
  message: string;
}

/** A process that ended before it asked for work. @param unstarted it could not be started at all */
export const initDeath = (message: string, unstarted: boolean, outOfMemory: boolean): InitFailure => ({
  status: 'error',
  errorType: unstarted ? 'Runtime.InvalidEntrypoint' : deathType(outOfMemory),
  message,
});

const deathType = (outOfMemory: boolean): string => (outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError');

/** What a runtime said of its invocation. */
export function reportedVerdict(report: RuntimeReport): Verdict {
  switch (report.kind) {
    case 'response':
      return { status: 'success', payload: report.payload, contentType: report.contentType };
    case 'error':
      return { status: 'error', payload: report.payload, errorType: report.errorType };
    case 'too-large':
      return ofRuntime(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`,
      );
  }
}

/** A process that ended in the middle of its invocation. */
export function deathVerdict(requestId: string, message: string, outOfMemory: boolean): Verdict {
  const sentence = `RequestId: ${requestId} Error: ${message}`;
  return {
    ...ofRuntime(deathType(outOfMemory), sentence),
    fault: `${sentence}\nRuntime.ExitError`,
  };
}

/** @param nowMs by the endpoint's clock: the time in the log line */
export function timeoutVerdict(requestId: string, timeoutMs: number, nowMs: number): Verdict {
  const text = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return {
    ...ofRuntime('Sandbox.Timedout', `RequestId: ${requestId} Error: ${text}`),
    status: 'timeout',
    fault: `${new Date(nowMs).toISOString()} ${requestId} ${text}`,
  };
}

/** An invocation that came for a process whose init failed. */
export function initVerdict(requestId: string, { errorType, payload, message }: InitFailure): Verdict {
  if (payload) return { status: 'error', errorType, ofRuntime: true, payload };
  const sentence = `RequestId: ${requestId} Error: ${message}`;
  return { ...ofRuntime(errorType, sentence), fault: `${sentence}\n${errorType}` };
}

const ofRuntime = (errorType: string, errorMessage: string): Verdict => ({
  status: 'error',
  errorType,
  ofRuntime: true,
  payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
});

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

/** How a process ended, in the words of the platform's own supervisor, which is written in Go. */
export function exitMessage(code: number | undefined, signal: NodeJS.Signals | undefined): string {
  if (signal) return `Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal.slice(3).toLowerCase()}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}
