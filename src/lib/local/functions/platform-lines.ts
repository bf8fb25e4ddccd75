// The lines the platform itself writes into a function's log, in AWS's two formats.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html

export type Status = 'success' | 'error' | 'timeout';

export interface Report {
  requestId: string;
  durationMs: number;
  memoryMb: number;
  maxMemoryMb: number;
  /** Only on the first invocation of a process. */
  initMs?: number | undefined;
  status: Status;
  /** Only with status `error`: `Runtime.ExitError`. Text shows it for errors of the runtime, not for those the handler threw. */
  errorType?: string | undefined;
  /** Whether the error is the runtime's (a death, a failed init) and not one the handler threw. */
  ofRuntime?: boolean;
}

/** Writes each line with the time it is given; undefined where the chosen system log level hides it. */
export interface PlatformLines {
  initStart(timeMs: number, runtimeVersion: string): string | undefined;
  initReport(
    timeMs: number,
    initMs: number,
    phase: 'init' | 'invoke',
    status: Status,
    errorType?: string,
  ): string | undefined;
  start(timeMs: number, requestId: string, version: string): string | undefined;
  end(requestId: string): string | undefined;
  report(timeMs: number, report: Report): string | undefined;
  /** A sentence about a death; always shown. */
  fault(timeMs: number, requestId: string | undefined, text: string): string;
}

const ms = (value: number): string => value.toFixed(2);

export const textLines: PlatformLines = {
  initStart: (_time, runtimeVersion) => `INIT_START Runtime Version: ${runtimeVersion}\n`,
  initReport: (_time, initMs, phase, status, errorType) =>
    `INIT_REPORT Init Duration: ${ms(initMs)} ms\tPhase: ${phase}\tStatus: ${status}${errorType ? `\tError Type: ${errorType}` : ''}\n`,
  start: (_time, requestId, version) => `START RequestId: ${requestId} Version: ${version}\n`,
  end: (requestId) => `END RequestId: ${requestId}\n`,
  report(_time, { requestId, durationMs, memoryMb, maxMemoryMb, initMs, status, errorType, ofRuntime }) {
    let line = `REPORT RequestId: ${requestId}\tDuration: ${ms(durationMs)} ms\tBilled Duration: ${billedMs(durationMs, initMs)} ms\tMemory Size: ${memoryMb} MB\tMax Memory Used: ${maxMemoryMb} MB\t`;
    if (initMs !== undefined) line += `Init Duration: ${ms(initMs)} ms\t`;
    if (status === 'timeout') line += 'Status: timeout';
    else if (status === 'error' && ofRuntime) line += `Status: error\tError Type: ${errorType}`;
    return `${line}\n`;
  },
  fault: (_time, _requestId, text) => `${text}\n`,
};

/** @param level the least level shown: at WARN and above, AWS leaves out what tells of a normal course. */
export function jsonLines(level: string): PlatformLines {
  const showsInfo = level === 'INFO' || level === 'DEBUG';
  const line = (timeMs: number, type: string, record: object): string =>
    JSON.stringify({ time: new Date(timeMs).toISOString(), type, record });
  const info = (timeMs: number, type: string, record: object): string | undefined =>
    showsInfo ? line(timeMs, type, record) : undefined;
  return {
    initStart: (timeMs, runtimeVersion) =>
      info(timeMs, 'platform.initStart', { initializationType: 'on-demand', phase: 'init', runtimeVersion }),
    initReport: (timeMs, initMs, phase, status, errorType) =>
      line(timeMs, 'platform.initReport', {
        initializationType: 'on-demand',
        phase,
        status,
        ...(errorType ? { errorType } : {}),
        metrics: { durationMs: round(initMs) },
      }),
    start: (timeMs, requestId, version) => info(timeMs, 'platform.start', { requestId, version }),
    end: () => undefined,
    report: (timeMs, { requestId, durationMs, memoryMb, maxMemoryMb, initMs, status, errorType }) =>
      (status === 'success' ? info : line)(timeMs, 'platform.report', {
        requestId,
        metrics: {
          durationMs: round(durationMs),
          billedDurationMs: billedMs(durationMs, initMs),
          memorySizeMB: memoryMb,
          maxMemoryUsedMB: maxMemoryMb,
          ...(initMs === undefined ? {} : { initDurationMs: round(initMs) }),
        },
        status,
        ...(errorType === undefined ? {} : { errorType }),
      }),
    fault: (timeMs, requestId, text) =>
      JSON.stringify({ timestamp: new Date(timeMs).toISOString(), level: 'ERROR', requestId, message: text }),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Since August 2025 the INIT phase is billed for every function. https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/ */
const billedMs = (durationMs: number, initMs: number | undefined): number => Math.ceil(durationMs + (initMs ?? 0));
