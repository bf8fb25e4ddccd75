import { readFile } from 'node:fs/promises';
import { readRecords } from '../local/daemon/endpoint-record.js';
import { chooseRunning, ensureLocalEndpoint } from '../local/daemon/ensure-local-endpoint.js';
import { isEndpointAt } from '../local/daemon/explain-taken-port.js';
import { stateFolder } from '../local/daemon/state-folder.js';
import { isLoopbackName } from '../shared/loopback.js';
import type { Target } from '../target/target.js';
import type { CommandIo } from './command-io.js';
import type { Progress } from './progress.js';

/**
 * An endpoint of ours that was named by its URL, as inside `local exec`: it is the local target, whatever named it.
 * @returns undefined for every other target
 */
export async function recognizeLocal(target: Target, io: CommandIo): Promise<Target | undefined> {
  if (target.kind !== 'endpoint' || !(await isOurs(target))) return undefined;
  // An endpoint of another user or state folder has no record here.
  const port = target.endpointUrl === undefined ? undefined : portOf(target.endpointUrl);
  const record = (await readRecords(stateFolder(io.env))).find((endpoint) => endpoint.port === port);
  const why = `${target.why}, which is a local endpoint's address`;
  return { ...target, kind: 'local', why, ...(await trust(record?.certificateFile)) };
}

/** What was taken for LocalStack and is our own: a person should know which of the two they see. @returns a warning */
export async function mistakenForLocalStack(target: Target): Promise<string | undefined> {
  if (target.kind !== 'localstack' || !(await isOurs(target))) return undefined;
  return `${target.why}, but what answers at ${target.endpointUrl} is pipectl's own local endpoint, not LocalStack`;
}

/** Asks: a record alone may be what a crash left. */
async function isOurs({ endpointUrl }: Target): Promise<boolean> {
  if (endpointUrl === undefined || !isLoopbackName(new URL(endpointUrl).hostname)) return false;
  return isEndpointAt(endpointUrl);
}

/** A URL leaves out the port that its scheme has anyway. */
export function portOf(endpointUrl: string): number {
  const { port, protocol } = new URL(endpointUrl);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

/**
 * Makes a target ready to be talked to: the local endpoint is started when it does not run, and announced.
 * @param inert resource types that an endpoint started here keeps without effect
 */
export async function openTarget(target: Target, io: CommandIo, progress: Progress, inert?: string[]): Promise<Target> {
  if (target.kind !== 'local') return target;
  const { record, started } = await ensureLocalEndpoint(stateFolder(io.env), io.signal, { inert });
  if (started) progress.note(`started the local endpoint at ${record.url}; \`pipectl local stop\` ends it`);
  return { ...target, endpointUrl: record.url, ...(await trust(record.certificateFile)) };
}

/** The target as it can be talked to now: a local endpoint only if one runs. */
export async function findRunning(target: Target, io: CommandIo): Promise<Target | undefined> {
  if (target.kind !== 'local') return (await recognizeLocal(target, io)) ?? target;
  const record = await chooseRunning(stateFolder(io.env));
  return record && { ...target, endpointUrl: record.url, ...(await trust(record.certificateFile)) };
}

async function trust(certificateFile: string | undefined): Promise<{ certificate: string } | undefined> {
  return certificateFile === undefined ? undefined : { certificate: await readFile(certificateFile, 'utf8') };
}
