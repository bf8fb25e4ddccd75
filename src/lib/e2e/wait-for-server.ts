import type { Clock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import type { Target } from '../target/target.js';
import { readHealth } from './identify-server.js';

const POLL_MS = 500;
/** What a pipeline's check needs, in LocalStack's names. */
const NEEDED = ['kinesis', 'logs', 'lambda', 'cloudformation'];

export interface ServerWait {
  clock: Clock;
  signal: AbortSignal;
  /** How long a LocalStack that is just starting may take. */
  withinMs: number;
  onWaiting(text: string): void;
}

/**
 * Waits until LocalStack, or what stands in for it, says by its health page that it is there; a CI job starts both at once.
 * @throws OperationError when nobody answers in time, or a service is switched off
 */
export async function waitForServer(target: Target, { clock, signal, withinMs, onWaiting }: ServerWait): Promise<void> {
  const { kind, endpointUrl } = target;
  if (kind !== 'localstack' || endpointUrl === undefined) return;
  const until = clock.now() + withinMs;
  let told = false;
  for (;;) {
    const health = await readHealth(endpointUrl, signal);
    if (health) return requireServices(health, endpointUrl);
    if (clock.now() >= until) break;
    if (!told) onWaiting(`waiting for ${endpointUrl}/_localstack/health`);
    told = true;
    await clock.sleep(POLL_MS, signal);
  }
  throw new OperationError(`Nothing answers at ${endpointUrl}/_localstack/health.`, {
    hint: [
      'Start LocalStack (since March 2026 it asks for a token: LOCALSTACK_AUTH_TOKEN=… localstack start -d), or name where it is with --endpoint-url;',
      'or leave --localstack out: the local endpoint needs neither Docker nor a token. See docs/localstack.md.',
    ].join('\n'),
  });
}

function requireServices(health: Record<string, unknown>, endpointUrl: string): void {
  const services = (health.services ?? {}) as Record<string, unknown>;
  const off = NEEDED.filter((service) => services[service] === 'disabled');
  if (off.length === 0) return;
  throw new OperationError(`${endpointUrl} runs with ${off.join(', ')} switched off.`, {
    hint: `Start it with SERVICES naming at least ${[...NEEDED, 'iam', 'sts', 's3'].join(',')}, or without SERVICES.`,
  });
}
