// A Go function built here and run as it is, as provided.al2023.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, zip } from '../local/services/lambda/start-lambda.js';
import { describeWith } from './needs.js';
import { cacheFolder, fixture, run } from './tools.js';

describeWith(['go'], 'a function written in Go', () => {
  let own: LambdaFixture;
  beforeAll(async () => {
    const program = join(await cacheFolder('go'), 'bootstrap');
    await run('go', ['build', '-o', program, '.'], { cwd: fixture('go-function'), env: { CGO_ENABLED: '0' } });
    own = await startLambda();
    await own.create(
      'go',
      {},
      {
        Runtime: 'provided.al2023',
        Handler: 'bootstrap',
        Code: { ZipFile: await zip({ bootstrap: await readFile(program) }) },
      },
    );
  }, 240_000);
  afterAll(() => own?.close());

  test('takes an event, has its context, and logs', async () => {
    const record = { kinesis: { data: Buffer.from('text').toString('base64') } };
    const { payload, log } = await own.invoke('go', { Records: [record] });
    expect(payload).toEqual({
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:go',
      hasDeadline: true,
      texts: ['text'],
    });
    expect(log).toContain('\ngo works\n');
  });

  test('an error it returns and a panic are errors of the function, each in its own shape', async () => {
    const failed = await own.invoke('go', { fail: true });
    expect(failed).toMatchObject({
      error: 'Unhandled',
      payload: { errorMessage: 'as asked', errorType: 'errorString' },
    });
    const panicked = await own.invoke('go', { panic: true });
    expect(panicked.payload).toMatchObject({ errorMessage: 'out of order', stackTrace: expect.any(Array) });
    expect((await own.invoke('go')).error).toBeUndefined();
  });
});
