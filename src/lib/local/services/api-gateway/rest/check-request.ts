import { headerOf } from '../../../wire/wire-request.js';
import { fitsSchema } from '../json-schema.js';
import { GatewayFault } from './gateway-fault.js';
import { type MethodCall, parametersOf } from './rest-call.js';

/** @throws GatewayFault for a request that the method's validator refuses */
export function checkRequest(call: MethodCall, validatorId: string): void {
  const validator = call.snapshot.validators.get(validatorId);
  if (validator?.validateRequestParameters === true) checkParameters(call);
  if (validator?.validateRequestBody === true) checkBody(call);
}

function checkParameters(call: MethodCall): void {
  const { path, querystring, header } = parametersOf(call);
  const missing: string[] = [];
  for (const [place, isRequired] of Object.entries(call.method.requestParameters ?? {})) {
    const [, kind, name = ''] = /^method\.request\.(path|querystring|header)\.(.+)$/.exec(place) ?? [];
    if (!isRequired || kind === undefined) continue;
    const value = kind === 'path' ? path[name] : kind === 'header' ? header[name.toLowerCase()] : querystring[name];
    if (value === undefined || value === '') missing.push(name);
  }
  if (missing.length === 0) return;
  const message = `Missing required request parameters: [${missing.join(', ')}]`;
  throw new GatewayFault('BAD_REQUEST_PARAMETERS', { message });
}

function checkBody({ method, snapshot, request, body }: MethodCall): void {
  const [type = ''] = (headerOf(request.headers, 'content-type') ?? 'application/json').split(';');
  const models = method.requestModels ?? {};
  const name = models[type.trim().toLowerCase()] ?? models.$default;
  const schema = name === undefined ? undefined : snapshot.models.get(name)?.schema;
  if (schema === undefined) return;
  const modelOf = (other: string): unknown => parse(snapshot.models.get(other)?.schema ?? 'true');
  const value = parse(body.toString('utf8'));
  if (value === undefined || !fitsSchema(value, parse(schema), modelOf)) throw new GatewayFault('BAD_REQUEST_BODY');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
