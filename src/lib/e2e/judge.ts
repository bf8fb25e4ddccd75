import { formatDuration } from '../shared/duration.js';
import type { Limit } from './check-file/check.js';
import type { DecoyReport, HopReport, Reason } from './check-report.js';

/** Everything a verdict rests on. */
export interface Evidence {
  wanted: number;
  sent: number;
  /** Why events could not be sent, if any: the first error. */
  sendError: string | undefined;
  hops: readonly HopReport[];
  decoys: readonly DecoyReport[];
  limits: readonly Limit[];
  /** The hop no canary reached, when warming up ran out of time; events were sent all the same, to be counted. */
  coldHop: string | undefined;
  /** Hops whose probe could not read, and why. */
  unread: readonly { hop: string; why: string }[];
  interrupted: boolean;
  /** How long was waited for the events. */
  withinMs: number;
  warmUpMs: number;
}

/** Every reason why a run is not green, worst first; none when it is. Never none when nothing was sent or a probe could not read. */
export function judge(evidence: Evidence): Reason[] {
  const reasons: Reason[] = [];
  const add = (kind: Reason['kind'], text: string, hop?: string): void => {
    reasons.push({ kind, text, ...(hop !== undefined && { hop }) });
  };
  for (const { hop, why } of evidence.unread)
    add('unread', `The probe of ${hop} could not read: ${why.replace(/\.$/, '')}.`, hop);
  if (evidence.interrupted) add('interrupted', 'The run was interrupted before every event could arrive.');
  if (evidence.sent === 0) add('nothing-sent', `Nothing was sent${because(evidence.sendError)}.`);
  else if (evidence.sent < evidence.wanted && !evidence.interrupted)
    add(
      'not-sent',
      `${evidence.wanted - evidence.sent} of ${evidence.wanted} events were not sent${because(evidence.sendError)}.`,
    );

  for (const hop of evidence.hops) {
    if (hop.unseen > 0) {
      const why =
        hop.failed > 0 ? `${hop.failed} of them were there in invocations that failed` : 'is there a way round it?';
      add(
        'unseen',
        `${some(hop.unseen)} not seen at ${hop.name} but further on: ${why}${hop.failed > 0 ? '.' : ''}`,
        hop.name,
      );
    }
    if (hop.late > 0) {
      const time = formatDuration(evidence.withinMs);
      add('late', `${hop.name}: ${some(hop.late)} came later than ${time} after the last was sent.`, hop.name);
    }
    for (const limit of evidence.limits) if (limit.hop === hop.name) judgeLimit(hop, limit, evidence, add);
  }
  for (const decoy of evidence.decoys) judgeDecoy(decoy, evidence.interrupted, add);
  if (evidence.coldHop !== undefined) {
    const time = formatDuration(evidence.warmUpMs);
    add('not-warm', `No warm-up event reached ${evidence.coldHop} within ${time}.`, evidence.coldHop);
  }
  return reasons;
}

type Add = (kind: Reason['kind'], text: string, hop?: string) => void;

function judgeLimit(hop: HopReport, { metric, limit }: Limit, evidence: Evidence, add: Add): void {
  const allowed = limit === 0 ? '' : `; ${limit} may be`;
  switch (metric) {
    case 'lost':
      if (hop.lost > limit) {
        const time = formatDuration(evidence.withinMs);
        const failed = hop.failed > 0 ? `, ${hop.failed} of them only in invocations that failed` : '';
        const lost = `${hop.lost} of ${hop.sent} events: not seen within ${time}`;
        add('lost', `${hop.name} lost ${lost}${failed}${allowed}.`, hop.name);
      }
      return;
    case 'duplicated':
      if (hop.duplicated > limit && !isToldBefore(hop, evidence))
        add('duplicated', `${hop.name} ${copiesText(hop, evidence)}${allowed}.`, hop.name);
      return;
    case 'duplicatedHere':
      if (hop.duplicatedHere > limit)
        add('duplicated', `${hop.name} doubled events: ${copies(hop.duplicatedHere)}${allowed}.`, hop.name);
      return;
    case 'reordered':
      if (hop.reordered > limit)
        add('reordered', `${hop.name} put ${some(hop.reordered)} out of order${allowed}.`, hop.name);
      return;
    default: {
      const measured = hop.fromSendingMs?.[metric];
      if (measured === undefined)
        add('latency', `${hop.name}: ${metric} cannot be told, for nothing arrived.`, hop.name);
      else if (measured > limit)
        add(
          'latency',
          `${hop.name}: ${metric} is ${formatDuration(measured)}, over ${formatDuration(limit)}.`,
          hop.name,
        );
    }
  }
}

/** Copies that a hop was only handed are told of the hop that made them, if the check limits that one, too. */
function isToldBefore(hop: HopReport, { hops, limits }: Evidence): boolean {
  if (hop.duplicatedHere > 0) return false;
  const before = hops.slice(0, hops.indexOf(hop));
  return limits.some(
    ({ metric, hop: name, limit }) =>
      metric === 'duplicated' && before.some((each) => each.name === name && each.duplicated > limit),
  );
}

/** `loaded received 5 copies too many: filtered made 5` */
function copiesText(hop: HopReport, { hops }: Evidence): string {
  if (hop.duplicatedHere === hop.duplicated) return `doubled events: ${copies(hop.duplicated)}`;
  const makers = hops.slice(0, hops.indexOf(hop) + 1).filter(({ duplicatedHere }) => duplicatedHere > 0);
  const made = makers.map(({ name, duplicatedHere }) => `${name} made ${duplicatedHere}`).join(', ');
  return `received ${copies(hop.duplicated)}${made === '' ? '' : `: ${made}`}`;
}

/** A decoy with a hop to come to that is refused on the way in proves nothing; one that may come nowhere has been stopped. */
function judgeDecoy(decoy: DecoyReport, interrupted: boolean, add: Add): void {
  for (const { hop, count } of decoy.passed)
    add('decoy-passed', `${count} of ${decoy.sent} decoys ${decoy.payload} came to ${hop}, and must not.`, hop);
  const { last, seenAtLast, wanted } = decoy;
  if (last !== undefined && seenAtLast !== undefined && seenAtLast < wanted && !interrupted) {
    const missing = wanted - seenAtLast;
    add(
      'decoy-lost',
      `${missing} of ${wanted} decoys ${decoy.payload} did not come to ${last}, so they prove nothing behind it.`,
      last,
    );
  }
}

const because = (error: string | undefined): string => (error === undefined ? '' : `: ${error.replace(/\.$/, '')}`);
const some = (count: number): string => `${count} ${count === 1 ? 'event' : 'events'}`;
const copies = (count: number): string => `${count} ${count === 1 ? 'copy' : 'copies'} too many`;
