import { createServer } from 'node:net';
import { OperationError } from '../../shared/errors.js';
import { type EndpointStatus, STATUS_PATH } from '../status-route.js';
import { getJson } from './get-json.js';
import { portHolder } from './process-info.js';

const ANSWER_MS = 1000;

/** Says who has the port, as far as this machine tells, and what to type instead. */
export async function explainTakenPort(port: number): Promise<OperationError> {
  const [status, health, holder, free] = await Promise.all([
    pipectlAt(port),
    getJson(`http://127.0.0.1:${port}/_localstack/health`, ANSWER_MS),
    portHolder(port),
    nextFreePort(port + 1),
  ]);
  const process = holder && `${holder.program}, pid ${holder.pid}`;
  const elsewhere = `start the local endpoint beside it with \`pipectl local start --port ${free}\``;
  if (status) {
    return new OperationError(
      `Port ${port} is taken by a pipectl endpoint of another user or state folder (pid ${status.pid}).`,
      { hint: `Use it with --endpoint-url ${status.url}, or ${elsewhere}.` },
    );
  }
  if (isHealth(health)) {
    const version = typeof health.version === 'string' ? ` ${health.version}` : '';
    return new OperationError(`Port ${port} is taken by LocalStack${version}${process ? ` (${process})` : ''}.`, {
      hint: `Use it with --localstack, or ${elsewhere}.`,
    });
  }
  const who = process ? ` by ${process}` : '; this system does not tell by whom';
  return new OperationError(`Port ${port} is taken${who}.`, { hint: `Stop that, or ${elsewhere}.` });
}

/** The endpoint of pipectl, anybody's, that has the port. */
export async function pipectlAt(port: number): Promise<{ pid: number; url: string } | undefined> {
  const answers = await Promise.all(
    ['http', 'https'].map(async (scheme) => {
      const url = `${scheme}://127.0.0.1:${port}`;
      const status = await getJson(`${url}${STATUS_PATH}`, ANSWER_MS);
      return isOurs(status) ? { pid: status.pid, url } : undefined;
    }),
  );
  return answers.find((answer) => answer !== undefined);
}

/** Whether an endpoint of pipectl answers at a URL of this machine. */
export const isEndpointAt = async (url: string): Promise<boolean> =>
  isOurs(await getJson(`${url}${STATUS_PATH}`, ANSWER_MS));

const isOurs = (value: unknown): value is Pick<EndpointStatus, 'pid'> =>
  typeof value === 'object' && value !== null && (value as { program?: unknown }).program === 'pipectl';

/** LocalStack and what imitates it answer with a list of services. */
const isHealth = (value: unknown): value is { services: unknown; version?: unknown } =>
  typeof value === 'object' && value !== null && 'services' in value;

async function nextFreePort(from: number): Promise<number> {
  for (let port = from; port < from + 100; port += 1) if (await isFree(port)) return port;
  return 0; // any
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
