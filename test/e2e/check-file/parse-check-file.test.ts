import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../src/lib/e2e/check-file/kind.js';
import { parseCheckFile } from '../../../src/lib/e2e/check-file/parse-check-file.js';
import { PROBES } from '../../../src/lib/e2e/probes/probes.js';
import { UsageError } from '../../../src/lib/shared/errors.js';

const PATH = `${process.cwd()}/orders/pipectl.yaml`;
const CHECK = `
send: { put: orders, payload: { id: "{marker}" } }
hops:
  - taken: { stream: orders }
`;

const problems = (text: string): string[] => {
  try {
    parseCheckFile(text, PATH);
  } catch (error) {
    if (error instanceof UsageError)
      return error.message.split('\n').map((line) => line.replace('orders/pipectl.yaml:', ''));
    throw error;
  }
  return [];
};

describe('parseCheckFile', () => {
  it('reads settings, streams and a check at the top, named after its folder', () => {
    const file = parseCheckFile(
      `target: localstack\nregion: eu-west-1\nstream: orders\nstreams:\n  orders: { shards: 3, retention: 48h, tags: { cost: 7 } }\n  clicks:\n${CHECK}`,
      PATH,
    );
    expect(file).toMatchObject({
      target: 'localstack',
      region: 'eu-west-1',
      stream: 'orders',
      streams: { orders: { shards: 3, retention: '48h', tags: { cost: '7' } }, clicks: {} },
    });
    expect(file.checks).toEqual([
      {
        name: 'orders',
        deploy: [],
        recorders: {},
        send: {
          kind: 'put',
          stream: 'orders',
          partitionKey: '{key}',
          payload: { id: '{marker}' },
          count: 20,
          eventsPerSecond: 50,
          keys: 1,
        },
        decoys: [],
        hops: [{ name: 'taken', probe: { kind: 'stream', stream: 'orders' } }],
        expect: {
          withinMs: 30_000,
          warmUpMs: undefined,
          settleMs: undefined,
          limits: [{ metric: 'lost', hop: 'taken', limit: 0 }],
        },
      },
    ]);
  });

  it('reads several named checks in their order', () => {
    const indented = CHECK.replace(/^/gm, '    ');
    const file = parseCheckFile(`checks:\n  z:${indented}\n  a:${indented}`, PATH);
    expect(file.checks.map((check) => check.name)).toEqual(['z', 'a']);
  });

  it('takes an empty file, and one with settings alone', () => {
    expect(parseCheckFile('', PATH).checks).toEqual([]);
    expect(parseCheckFile('# nothing yet\n', PATH).checks).toEqual([]);
    expect(parseCheckFile('stream: orders', PATH)).toMatchObject({ stream: 'orders', checks: [] });
  });

  it('spreads a bare limit over every hop, and keeps lost at 0 where it is not named', () => {
    const text = `
send: { put: orders, payload: "{marker}", count: 5, rate: 600/m }
hops: [{ a: { stream: a } }, { b: { stream: b } }]
expect: { lost: { b: 2 }, duplicated: 0, p95: { b: 2s }, settle: 0ms, within: 1m30s }
`;
    const [check] = parseCheckFile(text, PATH).checks;
    expect(check?.send.eventsPerSecond).toBe(10);
    expect(check?.expect).toEqual({
      withinMs: 90_000,
      warmUpMs: undefined,
      settleMs: 0,
      limits: [
        { metric: 'lost', hop: 'b', limit: 2 },
        { metric: 'duplicated', hop: 'a', limit: 0 },
        { metric: 'duplicated', hop: 'b', limit: 0 },
        { metric: 'p95', hop: 'b', limit: 2000 },
        { metric: 'lost', hop: 'a', limit: 0 },
      ],
    });
  });

  it.each<[string, string, string[]]>([
    [
      'broken YAML',
      'send: [',
      ['1:8: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    ['a key twice', 'stream: a\nstream: b', ['2:1: Map keys must be unique']],
    [
      'a placeholder without quotes as a text',
      `deploy:\n  - { stack: {run}, template: t.yaml }\n${CHECK}`,
      ['2:7: deploy[0].stack: {run} needs quotes, or YAML reads a mapping: "{run}"'],
    ],
    [
      'a placeholder without quotes within a text, in braces',
      'hops:\n  - taken: { stream: output:orders-{run}.StreamName }',
      ['2:36: Unexpected flow-map-start at node end; a text with {…} in it needs quotes here'],
    ],
    [
      'two documents',
      'stream: a\n---\nstream: b',
      ['2:1: a project file is one YAML document; here a second one begins'],
    ],
    [
      'a mistyped key, and not what is missing for it',
      `deploy:\n  - { stak: orders, template: t.yaml }\n${CHECK}`,
      ['2:7: deploy[0]: "stak" is not a key of a deploy step; did you mean "stack"?'],
    ],
    [
      'a stack that cannot be one',
      `deploy:\n  - { stack: my_stack, template: t.yaml }\n${CHECK}`,
      ['2:7: deploy[0].stack: "my_stack" is not a stack\'s name; begin with a letter, then letters, digits and "-"'],
    ],
    ['a list as the file', '- a', ['1:1: the file must hold keys and values, as in "send:"']],
    [
      'an unknown key, with the nearest',
      'regoin: x',
      ['1:1: "regoin" is not a key of pipectl.yaml; did you mean "region"?'],
    ],
    [
      'an unknown key deep inside',
      'streams:\n  orders:\n    shards: 2\n    retension: 48h',
      ['4:5: streams.orders: "retension" is not a key of a stream; did you mean "retention"?'],
    ],
    ['a wrong type', 'stream: 5', ['1:1: stream: must be text, not a number']],
    [
      'a target that is none',
      'target: azure',
      ['1:1: target: "azure" is not a target; write local, localstack, aws or a URL'],
    ],
    ['no shards', 'streams: { a: { shards: 0 } }', ['1:17: streams.a.shards: must be at least 1']],
    [
      'shards on demand',
      'streams: { a: { shards: 1, onDemand: true } }',
      ['1:12: streams.a: "shards" and "onDemand" exclude each other; AWS minds the shards of an on-demand stream'],
    ],
    [
      'a retention without a unit',
      'streams: { a: { retention: 24 } }',
      ['1:17: streams.a.retention: a duration needs a unit, as in "30s" or "500ms", not 24'],
    ],
    ['half a check', 'hops: [{ a: { stream: a } }]', ['1:1: send: is missing']],
    [
      'a check beside checks',
      `checks: {}${CHECK}`,
      ['2:1: send: stands beside "checks"; put it under a name of its own there'],
    ],
    [
      'a marker without quotes',
      'send: { put: a, payload: { id: {marker} } }\nhops: [{ a: { stream: a } }]',
      ['1:17: send.payload: {marker} needs quotes, or YAML reads a mapping: "{marker}"'],
    ],
    [
      'a payload without a marker',
      'send: { put: a, payload: hello }\nhops: [{ a: { stream: a } }]',
      ['1:17: send.payload: must hold "{marker}" somewhere, or no event could be told from another'],
    ],
    [
      'two ways to send',
      'send: { put: a, invoke: b, payload: "{marker}" }\nhops: [{ a: { stream: a } }]',
      ['1:1: send: say one way to send: "invoke", "put" or "post"'],
    ],
    [
      'headers without post',
      'send: { put: a, payload: "{marker}", headers: { a: b } }\nhops: [{ a: { stream: a } }]',
      ['1:1: send: "headers" belongs to "post"'],
    ],
    [
      'two hops in one item',
      'send: { put: a, payload: "{marker}" }\nhops:\n  - a: { stream: a }\n    b: { stream: b }',
      ['3:5: hops[0]: each item under "hops" is one hop; begin each with "-"'],
    ],
    [
      'a hop that watches nothing',
      'send: { put: a, payload: "{marker}" }\nhops:\n  - a: {}',
      [`3:5: hops[0].a: a hop has exactly one of ${keysOf(PROBES, 'and')}`],
    ],
    [
      'a hop twice',
      'send: { put: a, payload: "{marker}" }\nhops:\n  - a: { stream: a }\n  - a: { stream: b }',
      ['4:5: hops[1]: there are two hops named "a"'],
    ],
    [
      'a recorder that is not there',
      'send: { put: a, payload: "{marker}" }\nrecorders: { tinybird: {} }\nhops:\n  - a: { http: tinibird }',
      ['4:10: hops[0].a.http: no recorder is named "tinibird"; there is "tinybird"'],
    ],
    [
      'a decoy with an unknown hop',
      `decoys: [{ payload: "{marker}", last: x }]${CHECK}`,
      ['1:33: decoys[0].last: no hop is named "x"; there is "taken"'],
    ],
    [
      'a branch of a hop that is not there',
      'send: { put: a, payload: "{marker}" }\nhops:\n  - taken: { stream: a }\n  - kept: { stream: b, after: token }\n',
      ['4:24: hops[1].kept.after: no hop above is named "token"; there is "taken"'],
    ],
    [
      'a branch of a hop further down, and of itself',
      'send: { put: a, payload: "{marker}" }\nhops:\n  - a: { stream: a, after: b }\n  - b: { stream: b, after: b }\n',
      [
        '3:21: hops[0].a.after: no hop above is named "b"',
        '4:21: hops[1].b.after: no hop above is named "b"; there is "a"',
      ],
    ],
    [
      'a limit for an unknown hop',
      `expect: { p95: { x: 2s } }${CHECK}`,
      ['1:18: expect.p95.x: no hop is named "x"; there is "taken"'],
    ],
    [
      'a deploy step of nothing',
      `deploy: [{ template: a.yaml }]${CHECK}`,
      ['1:10: deploy[0]: a deploy step has exactly one of "stack" and "invoke"'],
    ],
    [
      'a reference without a name',
      `deploy: [{ invoke: "export:" }]${CHECK}`,
      ['1:12: deploy[0].invoke: "export:" needs a name after the colon: export:NAME'],
    ],
    [
      'a fail mode that is none',
      `recorders: { r: { fail: "200 x3" } }${CHECK}`,
      ['1:19: recorders.r.fail: "200 x3" is not a fail mode; write "503 x3", "429 20%", "reset x1" or "hang x1"'],
    ],
  ])('says where and what: %s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('puts each hop behind the one above, or the one it names', () => {
    const hops = '[{ a: { stream: a } }, { b: { stream: b } }, { c: { log: c, after: a } }, { d: { log: d } }]';
    const [check] = parseCheckFile(
      `send: { put: a, payload: "{marker}" }\nhops: ${hops}`,
      '/project/pipectl.yaml',
    ).checks;
    expect(check?.hops.map(({ name, after }) => [name, after])).toEqual([
      ['a', undefined],
      ['b', 'a'],
      ['c', 'a'],
      ['d', 'c'],
    ]);
  });

  it('tells every problem at once, in the order of the file', () => {
    expect(problems('stream: 1\nregion: 2\ntarget: 3')).toHaveLength(3);
  });

  it('does not expand a bomb of aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ];
    expect(() => parseCheckFile(bomb.join('\n'), PATH)).toThrow(UsageError);
  });
});
