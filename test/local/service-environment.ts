import { createActivity } from '../../src/lib/local/activity.js';
import { createCalls } from '../../src/lib/local/calls.js';
import { createPorts } from '../../src/lib/local/create-ports.js';
import { createFaults } from '../../src/lib/local/faults.js';
import { createIntervals } from '../../src/lib/local/intervals.js';
import { createItemFailures } from '../../src/lib/local/item-failures.js';
import type { ServiceEnvironment } from '../../src/lib/local/service.js';
import { systemClock } from '../../src/lib/shared/clock.js';

/** What a service is given, for one that is tested without an endpoint: nothing else is there. */
export const serviceEnvironment = (own: Partial<ServiceEnvironment> = {}): ServiceEnvironment => ({
  accountId: '000000000000',
  clock: systemClock,
  faults: createFaults(),
  activity: createActivity(),
  itemFailures: createItemFailures(),
  limits: 'on',
  intervals: createIntervals(),
  dataDir: '',
  endpointUrl: () => 'http://127.0.0.1:1',
  calls: createCalls({}, '000000000000', new AbortController().signal),
  ports: createPorts(new Map()),
  log: () => {},
  ...own,
});
