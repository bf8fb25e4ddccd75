import { isJsonText } from '../../../shared/is-json-text.js';
import { SYNC_PAYLOAD_BYTES } from '../../../shared/payload-limit.js';
import { defineOperation } from '../../define-operation.js';
import { AwsError } from '../../wire/aws-error.js';

import { omitted } from './lambda-error.js';
import type { LambdaService } from './lambda-service.js';
import { resolveFunction } from './lambda-store.js';

/** 1 MiB since October 2025. https://aws.amazon.com/about-aws/whats-new/2025/10/aws-lambda-payload-size-256-kb-1-mb-invocations/ */
export const EVENT_PAYLOAD_BYTES = 1_048_576;
/** The documented figure; a little more is let through, as AWS does. */
const SYNC_PAYLOAD_SHOWN = 6_291_456;

export const invoke = defineOperation('lambda', 'Invoke').as({
  constraints: {
    InvocationType: { enum: ['Event', 'RequestResponse', 'DryRun'] },
    LogType: { enum: ['None', 'Tail'] },
  },
  async run(store: LambdaService, input, context) {
    refuseOmitted(input);
    const resolved = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    const payload = payloadBytes(input.Payload);
    const asEvent = input.InvocationType === 'Event';
    checkPayload(payload, asEvent);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
    if (asEvent) {
      store.events.accept(resolved, payload, context);
      return { StatusCode: 202 };
    }
    const traceId = context.headers['x-amzn-trace-id'];
    const result = await store.runner.run(
      resolved,
      {
        payload,
        requestId: context.requestId,
        clientContext: decodeClientContext(input.ClientContext),
        traceId: typeof traceId === 'string' ? traceId : undefined,
      },
      context,
    );
    return {
      StatusCode: 200,
      ExecutedVersion: result.version,
      Payload: result.payload,
      ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {}),
    };
  },
});

/** @throws AwsError for what would have to change how the function is run */
export function refuseOmitted(input: {
  TenantId?: string | undefined;
  DurableExecutionName?: string | undefined;
}): void {
  if (input.TenantId !== undefined) throw omitted('tenant isolation (TenantId)');
  if (input.DurableExecutionName !== undefined) throw omitted('durable functions (DurableExecutionName)');
}

/** The payload as bytes. The wire decodes bytes; a caller inside the endpoint may give text. */
export function payloadBytes(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  return typeof payload === 'string' ? Buffer.from(payload) : new Uint8Array();
}

/** @throws AwsError RequestEntityTooLargeException, InvalidRequestContentException */
export function checkPayload(payload: Uint8Array, asEvent: boolean): void {
  const most = asEvent ? EVENT_PAYLOAD_BYTES : SYNC_PAYLOAD_BYTES;
  if (payload.byteLength > most) {
    throw new AwsError(
      'RequestEntityTooLargeException',
      asEvent
        ? `${payload.byteLength} byte payload is too large for the Event invocation type (limit ${EVENT_PAYLOAD_BYTES} bytes)`
        : `Request must be smaller than ${SYNC_PAYLOAD_SHOWN} bytes for the InvokeFunction operation`,
      { status: 413 },
    );
  }
  if (payload.byteLength === 0) return;
  if (isJsonText(payload, 0, payload.byteLength)) return;
  throw new AwsError(
    'InvalidRequestContentException',
    `Could not parse request body into json: ${whyNoJson(payload)}`,
    {
      status: 400,
      members: { Type: 'User' },
    },
  );
}

const SHORT_PAYLOAD_BYTES = 64 * 1024;

/** Only a short text is parsed to say why it is none: a long one may take a second. */
function whyNoJson(payload: Uint8Array): string {
  if (payload.byteLength <= SHORT_PAYLOAD_BYTES) {
    try {
      JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return 'it is not valid JSON';
}

function decodeClientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.', {
      status: 400,
      members: { Type: 'User' },
    });
  }
  // A header carries it to the runtime, so line breaks and other alphabets go as JSON escapes.
  return JSON.stringify(JSON.parse(text)).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
