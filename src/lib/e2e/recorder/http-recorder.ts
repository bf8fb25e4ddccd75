import { z } from 'zod';
import type { FailMode } from '../../project/fail-mode.js';
import { failModes, reference } from '../../project/schema-parts.js';
import { UsageError } from '../../shared/errors.js';
import type { HttpRecorder, HttpRecorderSpec } from './create-http-recorder.js';
import type { RecorderKind } from './recorder.js';
import { startHttpRecorders } from './start-http-recorders.js';

const path = z.string().startsWith('/', { error: 'must begin with "/"' });
const format = z.enum(['ndjson', 'json']);

/** A server that a pipeline posts its events to. */
export const httpRecorder: RecorderKind<HttpRecorderSpec, HttpRecorder> = {
  key: 'path',
  help: 'An HTTP server that takes POST requests at this path ("/" by default).',
  value: path,
  beside: {
    format: format.describe('One event a line, or one JSON document (default ndjson).'),
    token: reference.describe('Requests must carry "Authorization: Bearer TOKEN".'),
    fail: failModes.describe('Refuses requests on purpose: "503 x3", "429 20%", "reset x1", "hang x1".'),
  },
  toSpec: (at, given) => ({
    kind: 'path',
    path: at,
    format: format.optional().parse(given.format) ?? 'ndjson',
    fail: (given.fail ?? []) as FailMode[],
    ...(given.token !== undefined && { token: String(given.token) }),
  }),
  async plan({ token, ...spec }, { name, address, fail, target, resolve }) {
    if (target.kind === 'aws' && address === undefined) {
      throw new UsageError(`Functions on AWS cannot reach the recorder ${name} on this machine.`, {
        hint: 'Open a tunnel to a port here and name it: --recorder-host https://NAME.example=8080; docs/aws.md shows how.',
      });
    }
    const own = { ...spec, fail: [...(fail ?? spec.fail)] };
    return { name, address, spec: { ...own, ...(token !== undefined && { token: await resolve(token) }) } };
  },
  start: startHttpRecorders,
};
