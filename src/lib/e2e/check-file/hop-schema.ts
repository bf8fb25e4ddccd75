import { z } from 'zod';
import { exactlyOne, listed, name, reject, strict } from '../../project/schema-parts.js';
import { PROBES, type ProbeSpec, probeOf } from '../probes/probes.js';
import type { RecorderSpec } from '../recorder/recorders.js';
import type { HopSpec } from './check.js';
import { keysOf, readKind, shapeOf } from './kind.js';

/** A hop as it is written: what it comes after is still a name, or left out. */
type WrittenHop = Omit<HopSpec, 'after'> & { after?: string };

const after = name.describe('The hop that hands events on to this one; the one above when left out.');

const watched = strict({ ...shapeOf(PROBES), after: after.optional() }, 'a hop')
  .meta(exactlyOne(...PROBES.map(({ key }) => key)))
  .transform((given, context): Omit<WrittenHop, 'name'> => {
    const probe = readKind<ProbeSpec>(PROBES, given, {
      notOne: `a hop has exactly one of ${keysOf(PROBES, 'and')}`,
      owner: (key) => `"${key}"`,
    });
    if (typeof probe === 'string') return reject(context, given, probe);
    return { probe, ...(given.after !== undefined && { after: given.after }) };
  });

export const hop = z
  .record(name, watched, { error: 'a hop is its name and what to watch, as in "loaded: { http: tinybird }"' })
  .transform((given, context): WrittenHop => {
    const entries = Object.entries(given);
    const [first] = entries;
    if (!first || entries.length > 1)
      return reject(context, given, 'each item under "hops" is one hop; begin each with "-"');
    return { name: first[0], ...first[1] };
  });

type Complain = (path: (string | number)[], message: string) => void;

/** Puts each hop behind another: the one it names, or the one above it. Whoever is named must stand above, so that hops form a tree. */
export function placeHops(
  hops: readonly WrittenHop[],
  recorders: Readonly<Record<string, RecorderSpec>>,
  complain: Complain,
): HopSpec[] {
  return hops.map((each, index) => {
    const above = hops.slice(0, index).map(({ name: other }) => other);
    const recorder = probeOf(each.probe).recorderOf?.(each.probe);
    const found = recorder && recorders[recorder.name];
    const at = ['hops', index, each.name, each.probe.kind];
    if (recorder && !found) complain(at, `no recorder is named "${recorder.name}"${listed(Object.keys(recorders))}`);
    else if (recorder && found?.kind !== recorder.kind)
      complain(
        at,
        `the recorder "${recorder.name}" has no "${recorder.kind}"; "${each.probe.kind}" needs one that has it`,
      );
    if (each.after !== undefined && !above.includes(each.after))
      complain(['hops', index, each.name, 'after'], `no hop above is named "${each.after}"${listed(above)}`);
    return { name: each.name, probe: each.probe, after: each.after ?? above.at(-1) };
  });
}
