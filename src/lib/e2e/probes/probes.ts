import type { SpecOf } from '../check-file/kind.js';
import { functionProbe } from './open-function-probe.js';
import { handlerProbe } from './open-handler-probe.js';
import { httpProbe } from './open-http-probe.js';
import { logProbe } from './open-log-probe.js';
import { queueProbe } from './open-queue-probe.js';
import { rowsProbe } from './open-rows-probe.js';
import { streamProbe } from './open-stream-probe.js';
import { tableProbe } from './open-table-probe.js';
import { topicProbe } from './open-topic-probe.js';
import type { ProbeKind } from './probe.js';

/** Every kind of probe, in the order of the docs. A new one is its file and its line here. */
export const PROBES = [
  logProbe,
  streamProbe,
  httpProbe,
  functionProbe,
  tableProbe,
  rowsProbe,
  queueProbe,
  topicProbe,
  handlerProbe,
] as const;

export type ProbeSpec = SpecOf<(typeof PROBES)[number]>;

/** The kind that a hop of a check file chose. */
export function probeOf({ kind }: ProbeSpec): ProbeKind<ProbeSpec, unknown> {
  const kinds: readonly ProbeKind<ProbeSpec, unknown>[] = PROBES;
  const found = kinds.find(({ key }) => key === kind);
  if (!found) throw new Error(`no probe of the kind ${kind}`);
  return found;
}
