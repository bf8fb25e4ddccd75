import type { Method, Stage } from '@aws-sdk/client-api-gateway';
import { arnOf } from '../../../kit/arn.js';
import { clfTime } from '../../../payloads/clf-time.js';
import { SOURCE_IP } from '../../../payloads/http-event.js';
import { headerOf, type WireRequest } from '../../../wire/wire-request.js';
import type { RequestParameters } from '../mapping/template-context.js';
import type { RestApiRecord, RestResource, RestState, Snapshot } from '../rest-state.js';

/** A request on its way through a stage of a REST API. */
export interface RestCall {
  state: RestState;
  record: RestApiRecord;
  stage: Stage;
  snapshot: Snapshot;
  request: WireRequest;
  /** Below the stage, as it was sent. */
  path: string;
  requestId: string;
  nowMs: number;
}

/** A request whose method is known and whose body has arrived. */
export interface MethodCall extends RestCall {
  resource: RestResource;
  method: Method;
  pathParameters: Record<string, string> | undefined;
  body: Buffer;
  /** What an authorizer said of the caller. */
  authorizer: Record<string, unknown> | undefined;
  /** The API key that let the request in. */
  apiKey?: { id: string; value: string } | undefined;
}

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`, as policies name what is called. */
export function methodArn({ state, record, stage, request }: RestCall, path: string): string {
  const place = { region: record.region, accountId: state.environment.accountId };
  return arnOf('execute-api', place, `${record.id}/${stage.stageName}/${request.method}${path}`);
}

/** What `requestContext` of an event has, and `$context` of a template. */
export function requestContext(call: RestCall & Partial<MethodCall>): Record<string, unknown> {
  const { state, record, stage, request, path, requestId, nowMs, resource, authorizer, apiKey } = call;
  return {
    resourceId: resource?.id,
    resourcePath: resource?.path,
    httpMethod: request.method,
    extendedRequestId: requestId.slice(0, 16),
    requestTime: clfTime(nowMs),
    path: request.host.includes('.execute-api.') ? request.path : `/${stage.stageName}${path}`,
    accountId: state.environment.accountId,
    protocol: 'HTTP/1.1',
    stage: stage.stageName,
    domainPrefix: record.id,
    requestTimeEpoch: nowMs,
    requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: SOURCE_IP,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headerOf(request.headers, 'user-agent') ?? null,
      user: null,
      ...(apiKey === undefined ? {} : { apiKeyId: apiKey.id, apiKey: apiKey.value }),
    },
    domainName: request.host,
    deploymentId: stage.deploymentId,
    apiId: record.id,
    ...(authorizer === undefined ? {} : { authorizer }),
  };
}

/** The request's parameters by their kinds; the last value of each. */
export function parametersOf({ request, pathParameters = {} }: MethodCall): RequestParameters {
  const header: Record<string, string> = {};
  for (const name in request.headers) header[name] = headerOf(request.headers, name) ?? '';
  return { path: pathParameters, querystring: Object.fromEntries(request.query), header };
}
