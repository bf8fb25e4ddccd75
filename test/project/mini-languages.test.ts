import { describe, expect, it } from 'vitest';
import { chooseCheck } from '../../src/lib/e2e/check-file/load-check-file.js';
import { parseCheckFile } from '../../src/lib/e2e/check-file/parse-check-file.js';
import { parseFailFlag, parseFailModes } from '../../src/lib/project/fail-mode.js';
import { parseRecorderHost } from '../../src/lib/project/recorder-address.js';
import { parseReference } from '../../src/lib/project/reference.js';
import { fillRunName, newRunName, parseRunName, usesRunName } from '../../src/lib/project/run-name.js';
import { UsageError } from '../../src/lib/shared/errors.js';

describe('parseFailModes', () => {
  it.each([
    ['503', [{ kind: 'answer', status: 503, when: 'before', which: { first: 1 } }]],
    ['503 x3', [{ kind: 'answer', status: 503, when: 'before', which: { first: 3 } }]],
    ['429 20%', [{ kind: 'answer', status: 429, when: 'before', which: { share: 0.2 } }]],
    ['500 always', [{ kind: 'answer', status: 500, when: 'before', which: 'all' }]],
    ['late 503 x1', [{ kind: 'answer', status: 503, when: 'after', which: { first: 1 } }]],
    ['reset x2', [{ kind: 'reset', status: 0, when: 'before', which: { first: 2 } }]],
    [
      'hang, 503 x2',
      [
        { kind: 'hang', status: 0, when: 'before', which: { first: 1 } },
        { kind: 'answer', status: 503, when: 'before', which: { first: 2 } },
      ],
    ],
    ['200 x3', undefined],
    ['600', undefined],
    ['503 x', undefined],
    ['429 101%', undefined],
    ['', undefined],
    ['503,', undefined],
  ])('%s', (text, modes) => expect(parseFailModes(text)).toEqual(modes));
});

describe('parseReference', () => {
  it.each([
    ['export:orders-stream', { kind: 'export', name: 'orders-stream' }],
    ['export:stack:name', { kind: 'export', name: 'stack:name' }],
    ['output:data-pipeline.StreamName', { kind: 'output', stack: 'data-pipeline', key: 'StreamName' }],
    ['env:TOKEN', { kind: 'env', name: 'TOKEN' }],
    ['recorder:tinybird', { kind: 'recorder', name: 'tinybird' }],
    ['orders', undefined],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/orders', undefined],
    ['https://api.example/v0', undefined],
    ['export:', { malformed: '"export:" needs a name after the colon: export:NAME' }],
    ['env:A B', { malformed: '"env:A B" needs a name after the colon: env:NAME' }],
    ['output:x', { malformed: '"output:x" needs a stack and a key: output:STACK.KEY' }],
    ['output:.x', { malformed: '"output:.x" needs a stack and a key: output:STACK.KEY' }],
  ])('%s', (text, reference) => expect(parseReference(text)).toEqual(reference));
});

describe('--recorder-host', () => {
  const tunnel = { base: 'https://a1b2.example', host: 'a1b2.example', port: 8080 };
  it.each([
    ['host.docker.internal', '', { base: undefined, host: 'host.docker.internal', port: undefined }],
    ['172.17.0.1:8080', '', { base: undefined, host: '172.17.0.1', port: 8080 }],
    ['[fd00::1]:8080', '', { base: undefined, host: '[fd00::1]', port: 8080 }],
    ['https://a1b2.example=8080', '', tunnel],
    ['https://a1b2.example/hook/=80', '', { base: 'https://a1b2.example/hook', host: 'a1b2.example', port: 80 }],
    ['tinybird=https://a1b2.example=8080', 'tinybird', tunnel],
    ['my-sink=10.0.0.5', 'my-sink', { base: undefined, host: '10.0.0.5', port: undefined }],
  ])('%s', (text, name, address) => expect(parseRecorderHost(text)).toEqual({ name, address }));

  it.each(['', 'a b', 'host:0', 'host:65536', 'https://a1b2.example', 'https://=80', 'a=', 'a=b=c', '=host'])(
    'refuses "%s"',
    (text) => expect(() => parseRecorderHost(text)).toThrow(UsageError),
  );
});

describe('--fail', () => {
  it('is for all recorders, or for one', () => {
    expect(parseFailFlag('503 x2')).toEqual({ name: '', modes: parseFailModes('503 x2') });
    expect(parseFailFlag('tinybird=reset x1')).toEqual({ name: 'tinybird', modes: parseFailModes('reset x1') });
    expect(() => parseFailFlag('tinybird=nope')).toThrow('--fail: "nope" is not a fail mode.');
  });
});

describe('the name of a run', () => {
  const file = parseCheckFile(
    `
deploy:
  - { stack: "orders-{run}", template: t.yaml, parameters: { Prefix: "x{run}x" } }
send: { put: "output:orders-{run}.Stream", payload: { id: "{marker}", run: "{run}" } }
hops: [{ taken: { stream: "export:{run}-stream" } }]
`,
    '/work/orders/pipectl.yaml',
  );
  const check = chooseCheck(file);

  it('stands wherever {run} does, and nowhere else', () => {
    const filled = fillRunName(check, 'pr-7');
    expect(filled.deploy).toMatchObject([{ stack: 'orders-pr-7', parameters: { Prefix: 'xpr-7x' } }]);
    expect(filled.send).toMatchObject({
      stream: 'output:orders-pr-7.Stream',
      payload: { id: '{marker}', run: 'pr-7' },
    });
    expect(filled.hops[0]?.probe).toEqual({ kind: 'stream', stream: 'export:pr-7-stream' });
    expect([usesRunName(check), usesRunName(filled)]).toEqual([true, false]);
  });

  it('is made up so that it can be a stack, and no two are the same', () => {
    const names = new Set(Array.from({ length: 500 }, newRunName));
    expect(names.size).toBe(500);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]{7}$/);
  });

  it('may be given, if it can be part of a stack', () => {
    expect(parseRunName('pr-123')).toBe('pr-123');
    for (const text of ['', 'a b', 'a_b', '-a', 'x'.repeat(41), '{run}'])
      expect(() => parseRunName(text)).toThrow(`--run: "${text}" cannot be part of a stack's name.`);
  });
});
