import type { Clock } from '../../shared/clock.js';
import type { FunctionSpec } from './function-spec.js';

/** One event of a function's log. Text lines end with a newline, JSON does not. */
export interface LogEvent {
  timestamp: number;
  message: string;
}

/** Where the log of one process goes. */
export interface LogSink {
  /** Takes events in order; resolves when they are stored. Never rejects: a log must not fail a function. */
  put(events: LogEvent[]): Promise<void>;
}

/** What the function host needs of the one that runs it: the local endpoint, or a consumer in a command. */
export interface HostEnvironment {
  clock: Clock;
  /** A private folder, for what processes write. */
  dataDir: string;
  /** AWS_ENDPOINT_URL of functions; undefined for AWS itself. */
  endpointUrl(): string | undefined;
  /** The self-made certificate that functions must trust, in PEM; undefined for none. */
  certificate?(): string | undefined;
  /** Variables that say who a function is to AWS, instead of the endpoint's test keys. */
  identity?: Readonly<Record<string, string>>;
  openLog(spec: FunctionSpec, streamName: string): LogSink;
}
