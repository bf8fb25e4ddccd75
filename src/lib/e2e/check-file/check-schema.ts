import { z } from 'zod';
import { barePlaceholderError, findBarePlaceholder } from '../../project/placeholders.js';
import {
  durationMs,
  eventRate,
  exactlyOne,
  failModes,
  name,
  reference,
  reject,
  shown,
  strict,
  textMap,
  wholeFrom,
} from '../../project/schema-parts.js';
import type { Check, DeployStep, Expectations, HopSpec, Limit, Metric, ProbeSpec, SenderSpec } from './check.js';

/** CloudFormation's rule; `{run}` becomes a part of such a name. */
const STACK_NAME = /^([A-Za-z]|\{run\})([A-Za-z0-9-]|\{run\}){0,127}$/;

/** A payload as it is written. `{marker}` without quotes is a mapping to YAML, and worth a word. */
const payload = z.unknown().superRefine((value, context) => {
  const bare = findBarePlaceholder(value);
  if (bare) context.addIssue({ code: 'custom', message: barePlaceholderError(bare) });
});

const markedPayload = payload
  .refine((value) => value === undefined || JSON.stringify(value).includes('{marker}') || findBarePlaceholder(value), {
    error: 'must hold "{marker}" somewhere, or no event could be told from another',
  })
  .describe("What is sent. {marker} becomes the event's own id, {n} its number, {key} its key, {now} the time.");

const step = strict(
  {
    stack: z
      .string()
      .regex(STACK_NAME, {
        error: (issue) =>
          `${shown(issue.input)} is not a stack's name; begin with a letter, then letters, digits and "-"`,
      })
      .optional()
      .describe('Deploys a CloudFormation stack of this name; {run} in it keeps two runs apart.'),
    template: z.string().min(1).optional().describe('Its template, relative to this file.'),
    parameters: textMap.optional().describe('Parameters of the stack; values may be references.'),
    tags: textMap.optional(),
    invoke: reference.optional().describe('Invokes a function once: its log group appears with its first invocation.'),
    payload: payload.optional(),
  },
  'a deploy step',
)
  .meta(exactlyOne('stack', 'invoke'))
  .transform((given, context): DeployStep => {
    if ((given.stack === undefined) === (given.invoke === undefined))
      return reject(context, given, 'a deploy step has either "stack" and "template", or "invoke"');
    if (given.invoke !== undefined) {
      if (given.template ?? given.parameters ?? given.tags)
        return reject(context, given, '"template", "parameters" and "tags" belong to a step with "stack"');
      return { kind: 'invoke', functionName: given.invoke, payload: given.payload ?? null };
    }
    if (given.template === undefined) return reject(context, given, `stack "${given.stack}" needs a "template"`);
    if (given.payload !== undefined) return reject(context, given, '"payload" belongs to a step with "invoke"');
    return {
      kind: 'stack',
      stack: given.stack ?? '',
      template: given.template,
      parameters: given.parameters ?? {},
      tags: given.tags ?? {},
    };
  });

const recorder = strict(
  {
    path: z
      .string()
      .startsWith('/', { error: 'must begin with "/"' })
      .default('/')
      .describe('Where requests must come.'),
    format: z.enum(['ndjson', 'json']).default('ndjson').describe('One event a line, or one JSON document.'),
    token: reference.optional().describe('Requests must carry "Authorization: Bearer TOKEN".'),
    fail: failModes.default([]).describe('Refuses requests on purpose: "503 x3", "429 20%", "reset x1", "hang x1".'),
  },
  'a recorder',
);

const sender = strict(
  {
    invoke: reference.optional().describe('Sends by invoking this function.'),
    put: reference.optional().describe('Sends by putting records into this stream.'),
    post: reference.optional().describe('Sends by POST to this URL.'),
    payload: markedPayload,
    count: wholeFrom(1).default(20).describe('How many events.'),
    rate: eventRate.default(50).describe('How fast: 50/s, 300/m.'),
    keys: wholeFrom(1).default(1).describe('Events of one key are sent one after another, and their order is judged.'),
    partitionKey: z.string().min(1).max(256).optional().describe('With "put"; "{key}" when left out.'),
    headers: textMap.optional().describe('With "post"; values may be references.'),
  },
  '"send"',
)
  .meta(exactlyOne('invoke', 'put', 'post'))
  .transform((given, context): SenderSpec => {
    const { invoke, put, post, partitionKey, headers, payload: body, rate, count, keys } = given;
    if ([invoke, put, post].filter((way) => way !== undefined).length !== 1)
      return reject(context, given, 'say one way to send: "invoke", "put" or "post"');
    if (partitionKey !== undefined && put === undefined)
      return reject(context, given, '"partitionKey" belongs to "put"');
    if (headers !== undefined && post === undefined) return reject(context, given, '"headers" belongs to "post"');
    if (body === undefined) return reject(context, given, '"payload" is missing; it must hold "{marker}" somewhere');
    const common = { payload: body, count, eventsPerSecond: rate, keys };
    if (invoke !== undefined) return { ...common, kind: 'invoke', functionName: invoke };
    if (put !== undefined) return { ...common, kind: 'put', stream: put, partitionKey: partitionKey ?? '{key}' };
    return { ...common, kind: 'post', url: post ?? '', headers: headers ?? {} };
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

const probe = strict(
  {
    log: reference.optional().describe('A log group, by name or ARN.'),
    stream: reference.optional().describe('A Kinesis stream, by name or ARN; records are decoded.'),
    http: z.string().optional().describe('A recorder of this check, by name.'),
    function: reference.optional().describe('A function, seen in its log.'),
  },
  'a hop',
)
  .meta(exactlyOne('log', 'stream', 'http', 'function'))
  .transform((given, context): ProbeSpec => {
    const { log, stream, http, function: functionName } = given;
    if (Object.values(given).filter((value) => value !== undefined).length !== 1)
      return reject(context, given, 'a hop has exactly one of "log", "stream", "http" and "function"');
    if (log !== undefined) return { kind: 'log', group: log };
    if (stream !== undefined) return { kind: 'stream', stream };
    if (http !== undefined) return { kind: 'http', recorder: http };
    return { kind: 'function', functionName: functionName ?? '' };
  });

const hop = z
  .record(name, probe, { error: 'a hop is its name and what to watch, as in "loaded: { http: tinybird }"' })
  .transform((given, context): HopSpec => {
    const entries = Object.entries(given);
    const [first] = entries;
    if (!first || entries.length > 1)
      return reject(context, given, 'each item under "hops" is one hop; begin each with "-"');
    return { name: first[0], probe: first[1] };
  });

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
  recorders: z.record(name, recorder).describe('HTTP servers that the pipeline posts to, by name.'),
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
  const known = Object.keys(given.recorders ?? {});
  given.hops.forEach(({ name: each, probe: watched }, index) => {
    if (watched.kind === 'http' && !known.includes(watched.recorder))
      complain(['hops', index, each, 'http'], `no recorder is named "${watched.recorder}"${listed(known)}`);
  });
  (given.decoys ?? []).forEach(({ last }, index) => {
    if (last !== undefined && !names.includes(last))
      complain(['decoys', index, 'last'], `no hop is named "${last}"${listed(names)}`);
  });
  return {
    deploy: given.deploy ?? [],
    recorders: given.recorders ?? {},
    send: given.send,
    decoys: given.decoys ?? [],
    hops: given.hops,
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

const listed = (names: readonly string[]): string =>
  names.length > 0 ? `; there is ${names.map((each) => `"${each}"`).join(', ')}` : '';
