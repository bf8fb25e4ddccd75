import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../shared/replace-file.js';
import type { Limits } from '../limits.js';

/** What an endpoint leaves in the state folder while it runs: its pid file, in JSON. */
export interface EndpointRecord {
  pid: number;
  /** When the process started, by the kernel's clock, where the system tells: a pid is used again, in a container very soon. */
  startTime?: string;
  port: number;
  url: string;
  /** Of pipectl. */
  version: string;
  /** ISO 8601. */
  startedAt: string;
  limits: Limits;
  /** Undefined for the endpoint's own default. */
  memoryBytes?: number;
  /** The bound of buffering intervals and batching windows; undefined for none. */
  maxBufferingMs?: number;
  tls: boolean;
  /** The address it listens on beside loopback. */
  host?: string;
  /** The names it answers to beside those of loopback. */
  allowHosts?: string[];
  /** Resource types that it keeps without effect. */
  inert?: string[];
  /** With TLS: the certificate that clients must trust, a PEM file. */
  certificateFile?: string;
  /** The log's file; undefined for an endpoint in the foreground. */
  logFile?: string;
}

export const certificateFileOf = (folder: string, port: number): string => join(folder, `endpoint-${port}.pem`);

export const logFileOf = (folder: string, port: number): string => join(folder, `endpoint-${port}.log`);

const recordFile = (folder: string, port: number): string => join(folder, `endpoint-${port}.json`);

export async function writeRecord(folder: string, record: EndpointRecord): Promise<void> {
  await replaceFile(recordFile(folder, record.port), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** Removes the record of an endpoint, and its certificate, unless another one has taken the port since. */
export async function removeRecord(folder: string, record: Pick<EndpointRecord, 'pid' | 'port'>): Promise<void> {
  const now = await readRecord(recordFile(folder, record.port));
  if (now?.pid !== record.pid) return;
  await rm(certificateFileOf(folder, record.port), { force: true });
  await rm(recordFile(folder, record.port), { force: true });
}

/** Every record, by port; whether what they tell of still runs is for `liveEndpoints` to say. */
export async function readRecords(folder: string): Promise<EndpointRecord[]> {
  const names = (await readdir(folder)).filter((name) => /^endpoint-\d+\.json$/.test(name));
  const records = await Promise.all(names.map((name) => readRecord(join(folder, name))));
  return records.filter((record) => record !== undefined).sort((a, b) => a.port - b.port);
}

/** @returns undefined for a file that is gone, or that nobody could have written whole */
async function readRecord(path: string): Promise<EndpointRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is EndpointRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, port, url } = value as Partial<Record<keyof EndpointRecord, unknown>>;
  return Number.isInteger(pid) && Number.isInteger(port) && typeof url === 'string' && URL.canParse(url);
}
