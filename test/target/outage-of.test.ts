import { expect, it } from 'vitest';
import { KinesisError } from '../../src/lib/target/kinesis-call.js';
import { outageOf } from '../../src/lib/target/outage-of.js';
import type { Target } from '../../src/lib/target/target.js';

const target: Target = {
  kind: 'local',
  endpointUrl: 'http://127.0.0.1:4599',
  region: 'us-east-1',
  profile: undefined,
  why: 'the test',
};

it('says who stopped answering and how to start it', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(outageOf(refused, target)).toEqual({
    what: 'http://127.0.0.1:4599 stopped answering',
    hint: 'Start it with `pipectl local start --port 4599`.',
    cause: refused,
  });
});

it("says the service's own words, and nothing of what waiting does not mend", () => {
  expect(outageOf(new KinesisError('InternalFailure', 'Oops.', 500), target)?.what).toBe(
    'http://127.0.0.1:4599 fails (InternalFailure: Oops.)',
  );
  expect(outageOf(new KinesisError('UnknownOperationException', '', 501), target)).toBeUndefined();
  expect(outageOf(new KinesisError('ResourceNotFoundException', 'No.', 400), target)).toBeUndefined();
  expect(outageOf(new Error('a bug'), target)).toBeUndefined();
});
