import { type LocalService, perRegion, type ServiceEnvironment } from '../../service.js';
import { Delivery } from './delivery.js';
import { filterLogEvents } from './filter-log-events.js';
import { getLogEvents } from './get-log-events.js';
import { LiveTail } from './live-tail.js';
import { logGroups } from './log-groups.js';
import { LogStore, type MemoryBudget } from './log-store.js';
import { logStreams } from './log-streams.js';
import { metricFilters } from './metric-filters.js';
import { putLogEvents } from './put-log-events.js';
import { subscriptionFilters } from './subscription-filters.js';
import { tags } from './tags.js';

const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;
/** Of the memory that the endpoint may use for what it stores; Kinesis records are the most of it. */
const MEMORY_SHARE = 1 / 4;

/** CloudWatch Logs: groups, streams and events, and subscription filters that really deliver. */
export function createCloudwatchLogs(environment: ServiceEnvironment): LocalService<'cloudwatch-logs'> {
  const { clock, accountId, memoryBytes } = environment;
  const memory: MemoryBudget = {
    limitBytes: memoryBytes === undefined ? DEFAULT_MEMORY_BYTES : memoryBytes * MEMORY_SHARE,
    usedBytes: 0,
    log: environment.log,
  };
  const stores = perRegion((region) => new LogStore({ clock, region, accountId, memory }));
  const storeIn = (region: string): LogStore => stores.in(region);
  const delivery = new Delivery(environment);
  const liveTail = new LiveTail(storeIn, clock);
  return {
    handlers: {
      ...logGroups(storeIn),
      ...logStreams(storeIn),
      ...subscriptionFilters(storeIn, environment),
      ...metricFilters(storeIn, clock),
      ...tags(storeIn),
      StartLiveTail: liveTail.start,
      PutLogEvents: putLogEvents(storeIn, clock, (group, stream, events) => {
        delivery.offer(group, stream, events);
        liveTail.offer(group, stream, events);
      }),
      GetLogEvents: getLogEvents(storeIn),
      FilterLogEvents: filterLogEvents(storeIn),
    },
    close() {
      liveTail.close();
      return delivery.close();
    },
  };
}
