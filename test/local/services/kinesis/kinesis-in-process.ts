import { createCalls } from '../../../../src/lib/local/calls.js';
import type { EventSource } from '../../../../src/lib/local/ports.js';
import type { LocalService, ServiceEnvironment } from '../../../../src/lib/local/service.js';
import { kinesis as definition } from '../../../../src/lib/local/services/kinesis/kinesis.js';
import type { Calls } from '../../../../src/lib/local/wire/handlers.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { serviceEnvironment } from '../../service-environment.js';

export interface KinesisInProcess {
  kinesis: Calls['kinesis'];
  service: LocalService<'kinesis'>;
  streams: EventSource;
  clock: DrivenClock;
  log: string[];
  /** Creates a stream and moves the clock until it is ACTIVE. */
  create(name: string, shards?: number): Promise<void>;
  /** Moves the clock until what was begun is done. */
  settle(): void;
}

/** What of the endpoint's options reaches it. */
export type KinesisOptions = Partial<Pick<ServiceEnvironment, 'limits' | 'memoryBytes'>>;

/** The service without the wire, on a clock that stands still until it is moved. */
export function startKinesis(options: KinesisOptions = {}, startAt = Date.UTC(2026, 0, 2, 3, 4, 5)): KinesisInProcess {
  const clock = new DrivenClock(startAt);
  const log: string[] = [];
  const accountId = '000000000000';
  const services = {};
  const calls = createCalls(services, accountId, new AbortController().signal);
  const service = definition.start(serviceEnvironment({ clock, calls, log: (line) => log.push(line), ...options }));
  const [streams] = service.eventSources ?? [];
  if (!streams) throw new Error('Kinesis has no event source');
  Object.assign(services, { kinesis: service.handlers });
  const { kinesis } = calls('us-east-1');
  const settle = (): void => clock.advance(100);
  return {
    kinesis,
    service,
    streams,
    clock,
    log,
    settle,
    async create(name, shards = 1) {
      await kinesis.CreateStream({ StreamName: name, ShardCount: shards });
      settle();
    },
  };
}
