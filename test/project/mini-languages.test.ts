import { describe, expect, it } from 'vitest';
import { parseEventRate } from '../../src/lib/project/event-rate.js';
import { parseFailModes } from '../../src/lib/project/fail-mode.js';
import { parseReference } from '../../src/lib/project/reference.js';

describe('parseEventRate', () => {
  it.each([
    ['50', 50],
    ['50/s', 50],
    ['0.5/s', 0.5],
    ['300/m', 5],
    ['3600/h', 1],
    ['0', undefined],
    ['-1', undefined],
    ['fast', undefined],
    ['50/d', undefined],
    ['', undefined],
  ])('%s', (text, rate) => expect(parseEventRate(text)).toBe(rate));
});

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
