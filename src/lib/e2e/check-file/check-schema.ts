import { z } from 'zod';
import {
  durationMs,
  eventRate,
  exactlyOne,
  listed,
  name,
  reject,
  shown,
  strict,
  wholeFrom,
} from '../../project/schema-parts.js';
import { RECORDERS, type RecorderSpec } from '../recorder/recorders.js';
import { SENDERS, type WaySpec } from '../senders/senders.js';
import { STEPS } from '../steps/steps.js';
import type { Check, DeployStep, Expectations, Limit, Metric, SenderSpec } from './check.js';
import { hop, placeHops } from './hop-schema.js';
import { keysOf, readKind, shapeOf } from './kind.js';
import { markedPayload } from './payload.js';

const step = strict(shapeOf(STEPS), 'a deploy step')
  .meta(exactlyOne(...STEPS.map(({ key }) => key)))
  .transform((given, context): DeployStep => {
    const read = readKind<DeployStep>(STEPS, given, {
      notOne: `a deploy step has exactly one of ${keysOf(STEPS, 'and')}`,
      owner: (key) => `a step with "${key}"`,
    });
    return typeof read === 'string' ? reject(context, given, read) : read;
  });

const recorder = strict(shapeOf(RECORDERS), 'a recorder').transform((given, context): RecorderSpec => {
  const chosen = RECORDERS.some(({ key }) => given[key] !== undefined);
  const read = readKind<RecorderSpec>(RECORDERS, chosen ? given : { ...given, path: '/' }, {
    notOne: `a recorder has one of ${keysOf(RECORDERS, 'and')}`,
    owner: (key) => `a recorder with "${key}"`,
  });
  return typeof read === 'string' ? reject(context, given, read) : read;
});

const common = z.object({
  payload: markedPayload,
  count: wholeFrom(1).default(20).describe('How many events.'),
  rate: eventRate.default(50).describe('How fast: 50/s, 300/m.'),
  keys: wholeFrom(1).default(1).describe('Events of one key are sent one after another, and their order is judged.'),
});

const sender = strict({ ...shapeOf(SENDERS), ...common.shape }, '"send"')
  .meta(exactlyOne(...SENDERS.map(({ key }) => key)))
  .transform((given, context): SenderSpec => {
    const way = readKind<WaySpec>(SENDERS, given, {
      notOne: `say one way to send: ${keysOf(SENDERS, 'or')}`,
      owner: (key) => `"${key}"`,
    });
    if (typeof way === 'string') return reject(context, given, way);
    const { payload, count, rate, keys } = given;
    if (payload === undefined) return reject(context, given, '"payload" is missing; it must hold "{marker}" somewhere');
    return { payload, count, eventsPerSecond: rate, keys, ...way };
  });

const decoy = strict(
  {
    payload: markedPayload,
    last: name.optional().describe('The last hop that may see it, and must; without it, no hop may.'),
    count: wholeFrom(1).default(5),
  },
  'a decoy',
).transform((given, context) =>
  given.payload === undefined
    ? reject(context, given, '"payload" is missing; it must hold "{marker}" somewhere')
    : { payload: given.payload, last: given.last, count: given.count },
);

const counts = z.union([wholeFrom(0), z.record(name, wholeFrom(0))], {
  error: (issue) => `${shown(issue.input)} is not a count; write one for every hop, or for some: { loaded: 0 }`,
});
const latencies = z.union([durationMs, z.record(name, durationMs)], {
  error: (issue) => `${shown(issue.input)} is not a duration; write one for every hop, or for some: { loaded: 2s }`,
});

const COUNTED = ['lost', 'duplicated', 'duplicatedHere', 'reordered'] as const;
const TIMED = ['p50', 'p95', 'p99', 'max'] as const;

const expectations = strict(
  {
    within: durationMs.default(30_000).describe('All events must have arrived so long after the last one was sent.'),
    warmUp: durationMs.optional().describe('How long canaries may take to open the way, before events are sent.'),
    settle: durationMs.optional().describe('How long it must be quiet, when all have arrived, before the run is over.'),
    lost: counts.default(0),
    duplicated: counts.optional().describe('Copies at a hop, wherever they arose.'),
    duplicatedHere: counts.optional().describe('Copies that arose at a hop: more than any hop before it had.'),
    reordered: counts.optional(),
    p50: latencies.optional(),
    p95: latencies.optional(),
    p99: latencies.optional(),
    max: latencies.optional(),
  },
  '"expect"',
);

/** The keys of one check. `send` and `hops` are needed; at the top of a file they are only when any of these keys is there. */
export const checkShape = {
  deploy: z.array(step).describe('What to deploy first, in order. Leave it out for a pipeline that stands already.'),
  recorders: z
    .record(name, recorder)
    .describe('What pipectl runs for the pipeline to write to, by name: HTTP servers, Postgres.'),
  send: sender.describe('How marked events enter the pipeline.'),
  decoys: z.array(decoy).describe('Sent among the events; they must not get past the hop they name.'),
  hops: z.array(hop).min(1, { error: 'needs at least one hop' }).describe('Where each event must be seen, in order.'),
  expect: expectations.describe('What breaks the verdict.'),
};

const { deploy, recorders, send, decoys, hops, expect } = checkShape;

/** A check as written under `checks:`, or at the top of a file without that key. */
export const checkSchema = strict(
  {
    deploy: deploy.optional(),
    recorders: recorders.optional(),
    send,
    decoys: decoys.optional(),
    hops,
    expect: expect.optional(),
  },
  'a check',
).transform((given, context): Omit<Check, 'name'> => {
  const names = given.hops.map((each) => each.name);
  const complain = (path: (string | number)[], message: string): void => {
    context.issues.push({ code: 'custom', path, message, input: given });
  };
  names.forEach((each, index) => {
    if (names.indexOf(each) < index) complain(['hops', index], `there are two hops named "${each}"`);
  });
  const placed = placeHops(given.hops, given.recorders ?? {}, complain);
  (given.decoys ?? []).forEach(({ last }, index) => {
    if (last !== undefined && !names.includes(last))
      complain(['decoys', index, 'last'], `no hop is named "${last}"${listed(names)}`);
  });
  return {
    deploy: given.deploy ?? [],
    recorders: given.recorders ?? {},
    send: given.send,
    decoys: given.decoys ?? [],
    hops: placed,
    expect: toExpectations(given.expect ?? expect.parse({}), names, complain),
  };
});

type Given = z.output<typeof expectations>;

function toExpectations(
  given: Given,
  hopNames: string[],
  complain: (path: (string | number)[], message: string) => void,
): Expectations {
  const limits: Limit[] = [];
  const add = (metric: Metric, value: number | Record<string, number> | undefined): void => {
    if (typeof value === 'number') for (const hopName of hopNames) limits.push({ metric, hop: hopName, limit: value });
    else
      for (const [hopName, limit] of Object.entries(value ?? {})) {
        if (hopNames.includes(hopName)) limits.push({ metric, hop: hopName, limit });
        else complain(['expect', metric, hopName], `no hop is named "${hopName}"${listed(hopNames)}`);
      }
  };
  for (const metric of [...COUNTED, ...TIMED]) add(metric, given[metric]);
  // A hop that `lost` does not mention may still lose nothing.
  if (typeof given.lost !== 'number')
    for (const hopName of hopNames)
      if (!(hopName in given.lost)) limits.push({ metric: 'lost', hop: hopName, limit: 0 });
  return { withinMs: given.within, warmUpMs: given.warmUp, settleMs: given.settle, limits };
}
