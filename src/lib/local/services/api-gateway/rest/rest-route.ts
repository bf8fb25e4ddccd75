import { randomUUID } from 'node:crypto';
import type { Method, Stage } from '@aws-sdk/client-api-gateway';
import { AwsError } from '../../../wire/aws-error.js';
import type { PlainRoute } from '../../../wire/dispatch.js';
import type { WireReply, WireRequest } from '../../../wire/wire-request.js';
import { readAddress, splitStage } from '../api-address.js';
import { asPreflight, browserDoor } from '../browser-door.js';
import { type PathMatch, PathTable } from '../path-table.js';
import type { RestApiRecord, RestResource, RestState, Snapshot } from '../rest-state.js';
import { authorize } from './authorize.js';
import { checkApiKey } from './check-api-key.js';
import { checkRequest } from './check-request.js';
import { GatewayFault, misconfigured } from './gateway-fault.js';
import { gatewayResponse } from './gateway-response.js';
import { mappedIntegration } from './mapped-integration.js';
import { proxyIntegration } from './proxy-integration.js';
import type { MethodCall, RestCall } from './rest-call.js';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const BODY_BYTES = 10 * 1024 * 1024;

/** Answers requests to REST APIs. An id that is none of theirs is left to others. */
export function restRoute(state: RestState): PlainRoute {
  return (request) => {
    const address = readAddress(request);
    const record = address && state.find(address.apiId);
    if (!address || !record) return undefined;
    return browserDoor(request, {
      reply: () => answer(state, record, request, address.path),
      preflight: () => answer(state, record, asPreflight(request), address.path),
    });
  };
}

async function answer(
  state: RestState,
  record: RestApiRecord,
  request: WireRequest,
  wholePath: string,
): Promise<WireReply> {
  const { stage: name, rest: path } = splitStage(wholePath);
  const stage = record.stages.get(name);
  const snapshot = stage && record.deployments.get(stage.deploymentId ?? '')?.snapshot;
  if (!stage || !snapshot) return FORBIDDEN();
  const { clock } = state.environment;
  const call: RestCall = { state, record, stage, snapshot, request, path, requestId: randomUUID(), nowMs: clock.now() };
  try {
    const reply = await run(call, stage);
    reply.headers['x-amzn-requestid'] = call.requestId;
    reply.headers['x-amz-apigw-id'] = call.requestId.slice(0, 16);
    return reply;
  } catch (error) {
    if (error instanceof GatewayFault) return gatewayResponse(error, call);
    if (!(error instanceof AwsError)) throw error;
    state.environment.log(`${request.method} ${request.path}: ${error.message}`);
    return gatewayResponse(misconfigured(), call);
  }
}

/** What AWS says below a stage that is not there. */
const FORBIDDEN = (): WireReply => ({
  status: 403,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException' },
  body: '{"message":"Forbidden"}',
});

/** The order is AWS's: the key, who calls, what is asked, and then the integration. */
async function run(call: RestCall, stage: Stage): Promise<WireReply> {
  const found = tableOf(call.snapshot).find(call.path);
  const method = found && methodFor(found, call.request.method);
  if (!found || !method?.methodIntegration) throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
  if (method.authorizationType === 'AWS_IAM' && call.request.headers.authorization === undefined) {
    throw new GatewayFault('MISSING_AUTHENTICATION_TOKEN');
  }
  const methodCall: MethodCall = {
    ...call,
    resource: found.target,
    method,
    pathParameters: found.parameters,
    body: await readBody(call.request),
    authorizer: undefined,
  };
  if (method.authorizerId !== undefined) methodCall.authorizer = await authorize(methodCall, method.authorizerId);
  if (method.apiKeyRequired === true) methodCall.apiKey = checkApiKey(methodCall, stage);
  if (method.requestValidatorId !== undefined) checkRequest(methodCall, method.requestValidatorId);
  const integration = method.methodIntegration;
  return integration.type === 'AWS_PROXY'
    ? proxyIntegration(methodCall, integration)
    : mappedIntegration(methodCall, integration);
}

const methodFor = ({ target }: PathMatch<RestResource>, name: string): Method | undefined =>
  target.methods.get(name) ?? target.methods.get('ANY');

const tables = new WeakMap<Snapshot, PathTable<RestResource>>();

/** A deployment never changes, so its table is made once. */
function tableOf(snapshot: Snapshot): PathTable<RestResource> {
  let table = tables.get(snapshot);
  if (!table) {
    table = new PathTable();
    for (const resource of snapshot.resources) if (resource.methods.size > 0) table.add(resource.path, resource);
    tables.set(snapshot, table);
  }
  return table;
}

async function readBody(request: WireRequest): Promise<Buffer> {
  try {
    return await request.body(BODY_BYTES);
  } catch (error) {
    if (error instanceof AwsError && error.status === 413) throw new GatewayFault('REQUEST_TOO_LARGE');
    throw error;
  }
}
