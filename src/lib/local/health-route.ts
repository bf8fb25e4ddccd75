import { readPackage } from '../shared/package-files.js';
import type { AllServices } from './calls.js';
import type { Intervals } from './intervals.js';
import type { PlainRoute } from './wire/dispatch.js';
import { catalog } from './wire/service-model.js';
import type { WireReply } from './wire/wire-request.js';

/** LocalStack's names where they differ from the SDK clients'. */
const LOCALSTACK_NAMES: Record<string, string> = {
  'cloudwatch-logs': 'logs',
  'dynamodb-streams': 'dynamodbstreams',
  'api-gateway': 'apigateway',
};

/**
 * `GET /_localstack/health`, in LocalStack's shape, so that CI jobs that wait for LocalStack wait for this endpoint as well:
 * `{"services": {"kinesis": "running", …}, "edition": "pipectl", "version": "0.1.0"}`
 */
export function healthRoute(services: AllServices, intervals: Intervals): PlainRoute {
  return ({ method, path }) => {
    if (path !== '/_localstack/health' || (method !== 'GET' && method !== 'HEAD')) return undefined;
    return { openTo: 'link', reply: () => health(services, intervals) };
  };
}

function health(services: AllServices, intervals: Intervals): WireReply {
  const states = catalog.map(({ id }) => [LOCALSTACK_NAMES[id] ?? id, id in services ? 'running' : 'disabled']);
  const { version } = readPackage();
  const value = { services: Object.fromEntries(states), edition: 'pipectl', version, caveats: intervals.caveats() };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
