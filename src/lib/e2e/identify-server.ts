import type { Target } from '../target/target.js';

const TIMEOUT_MS = 3000;

/**
 * What answers at a target, with its version where it tells: a verdict holds for that, and for nothing else.
 * @returns `AWS`; `LocalStack 4.14.0 (community)`; `pipectl local 0.1.0`; or the URL of what does not say
 */
export async function identifyServer(target: Target, signal: AbortSignal): Promise<string> {
  const { endpointUrl } = target;
  if (endpointUrl === undefined) return 'AWS';
  const health = await readHealth(endpointUrl, signal);
  if (!health) return endpointUrl;
  const version = textOf(health.version) ?? '';
  switch (health.edition) {
    case 'pipectl':
      return `pipectl local ${version}`.trim();
    // MiniStack answers in LocalStack's place, with an edition of its own.
    case 'light':
      return `MiniStack ${version}`.trim();
    default: {
      const edition = textOf(health.edition);
      return `LocalStack ${version}${edition === undefined || edition === 'unknown' ? '' : ` (${edition})`}`.trim();
    }
  }
}

/** `GET /_localstack/health`, which LocalStack, MiniStack and the local endpoint answer. @returns undefined when nobody does */
export async function readHealth(
  endpointUrl: string,
  signal: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${endpointUrl}/_localstack/health`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const body: unknown = response.ok ? await response.json() : undefined;
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
