import { type EndpointStatus, STATUS_PATH } from '../status-route.js';
import { type EndpointRecord, readRecords, removeRecord } from './endpoint-record.js';
import { getJson } from './get-json.js';
import { commandLine, isAlive, startTimeOf } from './process-info.js';

export interface LiveEndpoint extends EndpointRecord {
  /** False when the process is there but does not answer (it is busy, stopped, or only just starting). */
  answers: boolean;
  /** What its status page says; undefined when it does not answer. */
  status: EndpointStatus | undefined;
}

const ANSWER_MS = 1000;
/** In the background it is `node …/daemon/main.js`, in the foreground `pipectl local start`. */
const OURS = /daemon[\\/]main\.[jt]s|local start/;

/** The endpoints that run, by port. Records of those that do not (a crash, a power cut, a reused pid) are removed on the way. */
export async function liveEndpoints(folder: string): Promise<LiveEndpoint[]> {
  const records = await readRecords(folder);
  const checked = await Promise.all(records.map((record) => check(folder, record)));
  return checked.filter((endpoint) => endpoint !== undefined);
}

async function check(folder: string, record: EndpointRecord): Promise<LiveEndpoint | undefined> {
  if (isAlive(record.pid)) {
    const status = await getJson(`${record.url}${STATUS_PATH}`, ANSWER_MS);
    if (isStatusOf(status, record.pid)) return { ...record, answers: true, status };
    // A pid alone proves nothing: after a crash the system gives it to somebody else, to this very process or another start perhaps.
    if (isSame(record) && OURS.test((await commandLine(record.pid)) ?? ''))
      return { ...record, answers: false, status: undefined };
  }
  await removeRecord(folder, record);
  return undefined;
}

/** False when the process is certainly not the one that wrote the record. */
function isSame({ pid, startTime }: EndpointRecord): boolean {
  if (pid === process.pid) return false;
  return startTime === undefined || startTime === startTimeOf(pid);
}

const isStatusOf = (status: unknown, pid: number): status is EndpointStatus =>
  typeof status === 'object' && status !== null && (status as { pid?: unknown }).pid === pid;
