import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';

/** What the stages of one version of a delivery stream know of it. */
export interface StreamContext {
  environment: ServiceEnvironment;
  region: string;
  accountId: string;
  name: string;
  arn: string;
  version: number;
  /** The stream that it reads, if it reads one. */
  sourceArn?: string | undefined;
  /** Aborts when nothing is tried any longer. */
  signal: AbortSignal;
  /** Says what went wrong: in the endpoint's log, and in the delivery stream's own if it has one. */
  report(trouble: Trouble): void;
}

export interface Trouble {
  /** As AWS has them: `S3.NoSuchBucket`, `Lambda.InvokeAccessDenied`. */
  code: string;
  message: string;
}

/** AWS's: a destination that does not take records is tried for 24 hours. */
export const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Runs `attempt` until it succeeds.
 * @returns false when `forMs` are over, or nothing is tried any longer
 */
export async function insist(
  attempt: () => Promise<void>,
  { environment: { clock }, signal, report }: StreamContext,
  { service, forMs }: { service: string; forMs: number },
): Promise<boolean> {
  const deadline = clock.now() + forMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      await attempt();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      report(troubleOf(error, service));
      if (clock.now() + pauseMs > deadline) return false;
      await clock.sleep(pauseMs, signal).catch(() => {});
      if (signal.aborted) return false;
    }
  }
}

const troubleOf = (error: unknown, service: string): Trouble => ({
  code: `${service}.${error instanceof AwsError ? error.code : 'InternalError'}`,
  message: error instanceof Error ? error.message : String(error),
});
