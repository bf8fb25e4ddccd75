import { describe, expect, it } from 'vitest';
import { readLogLine } from '../../src/lib/function/log-line.js';

const ID = '309ddf41-a516-4659-b246-ab2de413d0b2';
const NODE = `2026-11-21T04:06:45.111Z\t${ID}\t`;

describe('readLogLine', () => {
  it.each<[string, object]>([
    [`START RequestId: ${ID} Version: $LATEST\n`, { kind: 'platform', level: undefined }],
    [`END RequestId: ${ID}\n`, { kind: 'platform' }],
    [`REPORT RequestId: ${ID}\tDuration: 3 ms\n`, { kind: 'platform' }],
    ['INIT_START Runtime Version: nodejs:22\n', { kind: 'platform' }],
    ['{"time":"2026-11-21T04:06:45Z","type":"platform.report","record":{}}', { kind: 'platform' }],
    ['STARTING up', { kind: 'text', level: undefined, text: 'STARTING up' }],
    [`${NODE}INFO\thello there\n`, { kind: 'text', level: 'INFO', text: 'hello there' }],
    [`${NODE}INFO\t{"a":1}\n`, { kind: 'json', level: 'INFO', text: '{"a":1}', json: { a: 1 } }],
    [`2026-11-21T04:06:45.111Z\tundefined\tWARN\tbefore the first\n`, { kind: 'text', level: 'WARN' }],
    [`[ERROR]\t2026-11-21T04:06:45.111Z\t${ID}\tin Python\n`, { kind: 'text', level: 'ERROR', text: 'in Python' }],
    ['{"level":"warn","message":"own format"}', { kind: 'json', level: 'WARN' }],
    ['[1,2]', { kind: 'json', json: [1, 2] }],
    ['{not json}', { kind: 'text', text: '{not json}', json: undefined }],
    [`${ID} Task timed out after 3.00 seconds`, { kind: 'text', level: 'ERROR' }],
  ])('%j', (message, line) => {
    expect(readLogLine(message)).toMatchObject(line);
  });

  it('shows an uncaught error as its stack', () => {
    const error = {
      errorType: 'TypeError',
      errorMessage: 'it broke',
      stack: ['TypeError: it broke', '    at handler (index.mjs:3:25)', '    at async run'],
    };
    expect(readLogLine(`${NODE}ERROR\tInvoke Error \t${JSON.stringify(error)}\n`)).toMatchObject({
      level: 'ERROR',
      kind: 'text',
      text: 'Invoke Error: TypeError: it broke\n    at handler (index.mjs:3:25)\n    at async run',
    });
  });

  it('says a message of several lines once', () => {
    const error = {
      errorType: 'Error',
      errorMessage: 'first\nsecond',
      stack: ['Error: first', 'second', '    at handler (index.mjs:3:25)'],
    };
    expect(readLogLine(`${NODE}ERROR\tInvoke Error \t${JSON.stringify(error)}\n`).text).toBe(
      'Invoke Error: Error: first\nsecond\n    at handler (index.mjs:3:25)',
    );
  });
});
