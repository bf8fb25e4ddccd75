import { readFile } from 'node:fs/promises';
import { readRecords } from '../local/daemon/endpoint-record.js';
import { ensureLocalEndpoint } from '../local/daemon/ensure-local-endpoint.js';
import { stateFolder } from '../local/daemon/state-folder.js';
import type { Target } from '../target/target.js';
import type { CommandIo } from './command-io.js';
import type { Progress } from './progress.js';

/**
 * Makes a target ready to be talked to: the local endpoint is started when it does not run, and announced. An endpoint of ours that was
 * named by its URL (as inside `local exec`) is the local target too.
 */
export async function openTarget(target: Target, io: CommandIo, progress: Progress): Promise<Target> {
  if (target.kind === 'endpoint' && isLoopback(target.endpointUrl)) {
    const port = Number(new URL(target.endpointUrl).port);
    const record = (await readRecords(stateFolder(io.env))).find((endpoint) => endpoint.port === port);
    return record ? { ...target, kind: 'local', ...(await trust(record.certificateFile)) } : target;
  }
  if (target.kind !== 'local') return target;
  const { record, started } = await ensureLocalEndpoint(stateFolder(io.env), io.signal);
  if (started) progress.note(`started the local endpoint at ${record.url}; \`pipectl local stop\` ends it`);
  return { ...target, endpointUrl: record.url, ...(await trust(record.certificateFile)) };
}

const isLoopback = (url: string | undefined): url is string =>
  url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

async function trust(certificateFile: string | undefined): Promise<{ certificate: string } | undefined> {
  return certificateFile === undefined ? undefined : { certificate: await readFile(certificateFile, 'utf8') };
}
