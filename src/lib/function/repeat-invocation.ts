import type { Clock } from '../shared/clock.js';
import type { FunctionError, Invocation } from './invoke-function.js';

export interface RepeatOptions {
  times: number;
  /** Without a rate each invocation waits for the one before. */
  perSecond: number | undefined;
  clock: Clock;
  signal?: AbortSignal;
  onProgress?: (soFar: { done: number; failed: number }) => void;
  /** Told when an abort finds `count` invocations under way, which are waited for. */
  onInterrupted?: (count: number) => void;
}

/** Milliseconds. With a rate they count from when an invocation was due, so that a slow function cannot hide its queue. */
export interface LatencyFigures {
  min: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
  mean: number;
}

export interface RepeatReport {
  asked: number;
  /** Answered by the function without an error. */
  succeeded: number;
  /** Answered with an error of the function. */
  functionErrors: number;
  /** Not answered: throttled, refused, or broken off. */
  failed: number;
  elapsedMs: number;
  /** Answered invocations a second. */
  perSecond: number;
  /** Of the answered ones; undefined when there are none. */
  latencyMs: LatencyFigures | undefined;
  /** What went wrong, how often, the most frequent first. */
  problems: { what: string; count: number }[];
  /** True when it was ended before the last one. */
  interrupted: boolean;
}

/** More at once than this and the client's own queue would be what is measured. */
const MOST_AT_ONCE = 256;

/**
 * Invokes again and again: one after another, or at a rate (open loop: each has its time, whatever became of those before).
 * An abort ends it early; what was under way is waited for and counted.
 */
export async function repeatInvocation(
  invoke: () => Promise<Invocation>,
  { times, perSecond, clock, signal, onProgress, onInterrupted }: RepeatOptions,
): Promise<RepeatReport> {
  const latencies: number[] = [];
  const problems = new Map<string, number>();
  const report = { asked: times, succeeded: 0, functionErrors: 0, failed: 0 };
  const startedAt = performance.now();
  const one = async (dueAt: number): Promise<void> => {
    try {
      const { error } = await invoke();
      latencies.push(performance.now() - dueAt);
      if (error) {
        report.functionErrors += 1;
        count(problems, inShort(error));
      } else report.succeeded += 1;
    } catch (error) {
      if (isUsersFault(error)) throw error;
      report.failed += 1;
      count(problems, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    onProgress?.({ done: latencies.length + report.failed, failed: report.failed + report.functionErrors });
  };

  const flying = new Set<Promise<void>>();
  const onAbort = (): void => {
    if (flying.size > 0) onInterrupted?.(flying.size);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  let sent = 0;
  while (sent < times && !signal?.aborted) {
    const dueAt = perSecond === undefined ? performance.now() : startedAt + (sent * 1000) / perSecond;
    if (dueAt > performance.now()) await clock.sleep(dueAt - performance.now(), signal).catch(() => {});
    if (signal?.aborted) break;
    sent += 1;
    const flight: Promise<void> = one(dueAt).finally(() => flying.delete(flight));
    flying.add(flight);
    flight.catch(() => {});
    if (perSecond === undefined) await flight;
    else if (flying.size >= MOST_AT_ONCE) await Promise.race(flying);
  }
  await Promise.all(flying);
  signal?.removeEventListener('abort', onAbort);
  const elapsedMs = performance.now() - startedAt;
  return {
    ...report,
    elapsedMs: toMicroseconds(elapsedMs),
    perSecond: toMicroseconds(latencies.length / (elapsedMs / 1000)),
    latencyMs: figures(latencies),
    problems: [...problems].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count),
    interrupted: signal?.aborted === true,
  };
}

/** Such an error would come every time: it ends the command instead of being counted. */
const isUsersFault = (error: unknown): boolean =>
  error instanceof Error &&
  /^(ResourceNotFoundException|InvalidRequestContentException|ValidationException|AccessDeniedException|CredentialsProviderError)$/.test(
    error.name,
  );

const inShort = ({ type, message }: FunctionError): string => `${type}: ${message.split('\n')[0]?.slice(0, 120) ?? ''}`;

const count = (counts: Map<string, number>, what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1);
};

function figures(values: number[]): LatencyFigures | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const quantile = (share: number): number =>
    toMicroseconds(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return {
    min: quantile(0),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: quantile(1),
    mean: toMicroseconds(values.reduce((sum, value) => sum + value, 0) / values.length),
  };
}

/** No clock here is truer than a microsecond. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
