import type { FunctionSpec } from '../../functions/function-spec.js';
import type { HostEnvironment, LogEvent, LogSink } from '../../functions/host-environment.js';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';

/** PutLogEvents takes 10,000 events and 1 MiB, 26 bytes counted on top of each event. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

/** The function host's environment in the endpoint: logs go to its CloudWatch Logs. */
export const hostOfEndpoint = (environment: ServiceEnvironment): HostEnvironment => ({
  clock: environment.clock,
  dataDir: environment.dataDir,
  endpointUrl: () => environment.endpointUrl(),
  certificate: () => environment.certificate?.(),
  openLog: (spec, streamName) => new CloudWatchLog(environment, spec, streamName),
});

/** Puts the log of one process into CloudWatch Logs; makes its group and its stream on first use. */
class CloudWatchLog implements LogSink {
  readonly #environment: ServiceEnvironment;
  readonly #spec: FunctionSpec;
  readonly #streamName: string;
  #streamMade = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(environment: ServiceEnvironment, spec: FunctionSpec, streamName: string) {
    this.#environment = environment;
    this.#spec = spec;
    this.#streamName = streamName;
  }

  put(events: LogEvent[]): Promise<void> {
    const done = this.#environment.activity.begin(`log of ${this.#spec.name}`);
    this.#sending = this.#sending.then(() => this.#send(events)).finally(done);
    return this.#sending;
  }

  async #send(events: LogEvent[]): Promise<void> {
    try {
      for (const batch of batches(events)) await this.#put(batch);
    } catch (error) {
      this.#environment.log(
        `${this.#spec.name}: ${events.length} log events were not stored in ${this.#spec.logGroup}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  async #put(logEvents: LogEvent[]): Promise<void> {
    if (!this.#streamMade) await this.#makeStream();
    const target = { logGroupName: this.#spec.logGroup, logStreamName: this.#streamName, logEvents };
    const logs = this.#environment.calls(this.#spec.region)['cloudwatch-logs'];
    try {
      await logs.PutLogEvents(target);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      // Somebody deleted the group or the stream while this process lived; AWS makes them again.
      await this.#makeStream();
      await logs.PutLogEvents(target);
    }
  }

  async #makeStream(): Promise<void> {
    const logs = this.#environment.calls(this.#spec.region)['cloudwatch-logs'];
    const { logGroup } = this.#spec;
    await ignoreExisting(logs.CreateLogGroup({ logGroupName: logGroup }));
    await ignoreExisting(logs.CreateLogStream({ logGroupName: logGroup, logStreamName: this.#streamName }));
    this.#streamMade = true;
  }
}

async function ignoreExisting(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
  }
}

function* batches(events: LogEvent[]): Generator<LogEvent[]> {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (batch.length > 0 && (batch.length === BATCH_EVENTS || bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
