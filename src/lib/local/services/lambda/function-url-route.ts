import { randomUUID } from 'node:crypto';
import { SYNC_PAYLOAD_BYTES } from '../../../shared/payload-limit.js';
import { toHttpAnswer } from '../../payloads/http-answer.js';
import { toHttpEvent } from '../../payloads/http-event.js';
import { newTrace } from '../../payloads/trace-id.js';
import { AwsError } from '../../wire/aws-error.js';
import type { PlainAnswer, PlainRoute } from '../../wire/dispatch.js';
import { isSigned } from '../../wire/signature-form.js';
import { headerOf, type WireReply, type WireRequest } from '../../wire/wire-request.js';
import type { FunctionRunner } from './function-runner.js';
import { findByUrl, URL_PATH } from './function-url-config.js';
import { type LambdaStore, resolveFunction } from './lambda-store.js';

const HOST = /^([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\./;

/**
 * Answers function URLs: `/_pipectl/function-url/ID/…`, or any path below `ID.lambda-url.REGION.localhost` where that name resolves.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlRoute(store: LambdaStore, runner: FunctionRunner): PlainRoute {
  return (request) => {
    const byHost = HOST.exec(request.host)?.[1];
    const lead = (id: string, path: string): PlainAnswer => ({
      // As on AWS, anybody may call it; web pages may not, because the URL's CORS settings have no effect here.
      openTo: 'direct',
      reply: () => answer(store, runner, request, { id, path }),
    });
    if (byHost !== undefined) return lead(byHost, request.path);
    if (!request.path.startsWith(URL_PATH)) return undefined;
    const rest = request.path.slice(URL_PATH.length);
    const slash = rest.indexOf('/');
    const id = slash < 0 ? rest : rest.slice(0, slash);
    return lead(id, slash < 0 ? '/' : rest.slice(slash));
  };
}

async function answer(
  store: LambdaStore,
  runner: FunctionRunner,
  request: WireRequest,
  { id, path }: { id: string; path: string },
): Promise<WireReply> {
  const target = findByUrl(store, id);
  if (!target) return message(404, null);
  const { found, key, url, region } = target;
  if (url.authType === 'AWS_IAM' && !isSigned(request.headers)) return message(403, 'Forbidden');
  const requestId = randomUUID();
  try {
    const body = await request.body(SYNC_PAYLOAD_BYTES);
    const traceId = headerOf(request.headers, 'x-amzn-trace-id') ?? newTrace(store.environment.clock.now());
    const signed = url.authType === 'AWS_IAM';
    const event = toHttpEvent(request, {
      apiId: id,
      accountId: signed ? store.environment.accountId : 'anonymous',
      endpointUrl: store.environment.endpointUrl(),
      nowMs: store.environment.clock.now(),
      // As it was sent; what HTTP APIs decode, function URLs do not.
      rawPath: path,
      path,
      routeKey: '$default',
      stage: '$default',
      requestId,
      traceId,
      body,
    });
    const context = {
      region,
      accountId: store.environment.accountId,
      requestId,
      signal: request.signal(),
      origin: 'wire' as const,
      headers: {},
    };
    const resolved = resolveFunction(store, found.name, key === '' ? undefined : key, context);
    const result = await runner.run(
      resolved,
      { payload: Buffer.from(JSON.stringify(event)), requestId, traceId },
      context,
    );
    return toHttpAnswer(result, requestId) ?? message(502, 'Internal Server Error');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'TooManyRequestsException') return message(429, 'Too Many Requests');
    return message(error.status ?? 400, error.message);
  }
}

/** An answer of what is in front of functions, in AWS's form. */
const message = (status: number, text: string | null): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ Message: text }),
});
