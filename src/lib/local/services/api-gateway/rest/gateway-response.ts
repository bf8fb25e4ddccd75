import type { WireReply } from '../../../wire/wire-request.js';
import { renderTemplate } from '../mapping/mapping-template.js';
import { templateContext } from '../mapping/template-context.js';
import type { GatewayFault } from './gateway-fault.js';
import { parameterValue } from './map-parameters.js';
import { type MethodCall, parametersOf, type RestCall, requestContext } from './rest-call.js';

/** A fault's answer, in the words of the API where it has its own for the type or for all of its class. */
export function gatewayResponse(fault: GatewayFault, call: RestCall & Partial<MethodCall>): WireReply {
  const { gatewayResponses } = call.snapshot;
  const own =
    gatewayResponses.get(fault.type) ?? gatewayResponses.get(fault.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': call.requestId,
    'x-amzn-errortype': fault.errorType,
  };
  const plain = JSON.stringify({ message: fault.message });
  if (!own) return { status: fault.status, headers, body: plain };
  const parameters = parametersOf({ ...call, pathParameters: call.pathParameters } as MethodCall);
  const error = {
    message: fault.message,
    messageString: JSON.stringify(fault.message),
    responseType: fault.type,
    validationErrorString: fault.message,
  };
  const context = { ...requestContext(call), error };
  const stageVariables = call.stage.variables ?? {};
  const source = { parameters, body: '', context, stageVariables };
  for (const [target, expression] of Object.entries(own.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = name === undefined ? undefined : parameterValue(expression, source);
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  const template = own.responseTemplates?.['application/json'];
  return {
    status: own.statusCode === undefined ? fault.status : Number(own.statusCode),
    headers,
    body: template === undefined ? plain : renderTemplate(template, templateContext(source)),
  };
}
