import type { Integration } from '@aws-sdk/client-api-gateway';
import { toRestAnswer } from '../../../payloads/rest-answer.js';
import { toRestEvent } from '../../../payloads/rest-event.js';
import { newTrace } from '../../../payloads/trace-id.js';
import { headerOf, type WireReply } from '../../../wire/wire-request.js';
import { CallFailure, type FunctionEnd, functionOf, withStageVariables } from '../function-caller.js';
import { badAnswer, GatewayFault, misconfigured } from './gateway-fault.js';
import { acceptsBytes, isBinaryType } from './media-types.js';
import { type MethodCall, methodArn, requestContext } from './rest-call.js';

/** Invokes a function with the whole request, and answers with what it returns. */
export async function proxyIntegration(call: MethodCall, integration: Integration): Promise<WireReply> {
  const { binaryMediaTypes } = call.snapshot;
  const end = await invokeFunction(call, integration, { payload: JSON.stringify(proxyEvent(call)) });
  if (end.functionError !== undefined) throw badAnswer();
  const reply = toRestAnswer(
    end.payload,
    (type) => acceptsBytes(binaryMediaTypes, call.request) || isBinaryType(binaryMediaTypes, type),
  );
  if (!reply) throw badAnswer();
  return reply;
}

/** The event of a proxy integration, and most of a REQUEST authorizer's. */
export function proxyEvent(call: MethodCall): Record<string, unknown> {
  const { state, stage, request, path, resource, pathParameters, body, snapshot, nowMs } = call;
  return toRestEvent(request, {
    resource: resource.path,
    path: path === '' ? '/' : path,
    requestContext: requestContext(call),
    pathParameters,
    stageVariables: stage.variables,
    body,
    isBinary: isBinaryType(snapshot.binaryMediaTypes, headerOf(request.headers, 'content-type')),
    endpointUrl: state.environment.endpointUrl(),
    traceId: headerOf(request.headers, 'x-amzn-trace-id') ?? newTrace(nowMs),
  });
}

/** @throws GatewayFault for a function that is not there, does not let the API in, is throttled or takes too long */
export async function invokeFunction(
  call: MethodCall,
  { uri = '', credentials, timeoutInMillis, requestParameters }: Integration,
  { payload, sourceArn }: { payload: string; sourceArn?: string },
): Promise<FunctionEnd> {
  const arn = functionOf(withStageVariables(uri, call.stage.variables));
  if (arn === undefined) throw misconfigured();
  try {
    return await call.state.functions.call({
      arn,
      payload,
      region: call.record.region,
      sourceArn: credentials === undefined ? (sourceArn ?? methodArn(call, call.resource.path)) : undefined,
      timeoutMs: timeoutInMillis ?? 29_000,
      isEvent: requestParameters?.['integration.request.header.X-Amz-Invocation-Type'] === "'Event'",
    });
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    call.state.environment.log(`${call.request.method} ${call.request.path}: ${error.message}`);
    throw error.reason === 'timeout' ? new GatewayFault('INTEGRATION_TIMEOUT') : misconfigured();
  }
}
