// Integrations with mappings: MOCK, functions without proxy, and the APIs of AWS's services.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings.html
import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { UserPattern } from '../../../../shared/user-pattern.js';
import { headerOf, type WireReply } from '../../../wire/wire-request.js';
import { functionOf, withStageVariables } from '../function-caller.js';
import { renderTemplate } from '../mapping/mapping-template.js';
import { templateContext } from '../mapping/template-context.js';
import { GatewayFault, misconfigured } from './gateway-fault.js';
import { type ParameterSource, parameterValue, responseValue } from './map-parameters.js';
import { invokeFunction } from './proxy-integration.js';
import { type MethodCall, parametersOf, requestContext } from './rest-call.js';
import { callService } from './service-integration.js';

/** What an integration answered, before it is mapped. */
export interface IntegrationAnswer {
  /** What selection patterns look at: a status, or a function's error message. */
  selector: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export async function mappedIntegration(call: MethodCall, integration: Integration): Promise<WireReply> {
  const source: ParameterSource = {
    parameters: parametersOf(call),
    body: call.body.toString('utf8'),
    context: requestContext(call),
    stageVariables: call.stage.variables ?? {},
  };
  const body = requestBody(call, integration, source);
  return respond(integration, await ask(call, integration, { source, body }), source);
}

async function ask(
  call: MethodCall,
  integration: Integration,
  { source, body }: { source: ParameterSource; body: string },
): Promise<IntegrationAnswer> {
  if (integration.type === 'MOCK') return { selector: mockStatus(body), headers: {}, body: '' };
  const uri = withStageVariables(integration.uri ?? '', call.stage.variables);
  if (functionOf(uri) !== undefined) {
    const { payload, functionError } = await invokeFunction(call, integration, { payload: body === '' ? '{}' : body });
    const text = Buffer.from(payload).toString('utf8');
    return { selector: functionError === undefined ? '' : errorMessage(text), headers: {}, body: text };
  }
  const headers = Object.fromEntries(
    mappedTo('header', integration, source).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const query = mappedTo('querystring', integration, source);
  return callService(call, { uri, method: integration.httpMethod ?? 'POST', headers, query, body });
}

/** The headers or query parameters that the integration's mappings make. */
function mappedTo(kind: string, integration: Integration, source: ParameterSource): [name: string, value: string][] {
  const prefix = `integration.request.${kind}.`;
  return Object.entries(integration.requestParameters ?? {}).flatMap(([target, expression]) => {
    const value = target.startsWith(prefix) ? parameterValue(expression, source) : undefined;
    return value === undefined ? [] : [[target.slice(prefix.length), value] satisfies [string, string]];
  });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
function requestBody(
  { request }: MethodCall,
  { requestTemplates = {}, passthroughBehavior = 'WHEN_NO_MATCH' }: Integration,
  source: ParameterSource,
): string {
  const [type = ''] = (headerOf(request.headers, 'content-type') ?? 'application/json').split(';');
  const template = requestTemplates[type.trim().toLowerCase()];
  if (template !== undefined) return renderTemplate(template, templateContext(source));
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasTemplates)) {
    throw new GatewayFault('UNSUPPORTED_MEDIA_TYPE');
  }
  return source.body;
}

/** The status in a mock's request, which CDK writes as `{ statusCode: 200 }`: no JSON. @throws GatewayFault */
function mockStatus(body: string): string {
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(body)?.[1];
  if (status === undefined) throw misconfigured();
  return status;
}

function errorMessage(text: string): string {
  try {
    const { errorMessage: message } = JSON.parse(text) as { errorMessage?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}

/** The integration response whose pattern fits, else the one without a pattern. */
function select(responses: Record<string, IntegrationResponse>, selector: string): IntegrationResponse | undefined {
  const all = Object.values(responses);
  const isDefault = ({ selectionPattern }: IntegrationResponse): boolean => (selectionPattern ?? '') === '';
  const fits = (response: IntegrationResponse): boolean =>
    !isDefault(response) && fitsPattern(response.selectionPattern ?? '', selector);
  return (selector === '' ? undefined : all.find(fits)) ?? all.find(isDefault);
}

const statuses = new Map<string, boolean>();

/** Statuses are few, and every request asks; a function's error messages are not kept. */
function fitsPattern(pattern: string, selector: string): boolean {
  if (!/^\d{3}$/.test(selector)) return new UserPattern(pattern).matchesAll([selector]);
  const key = `${selector} ${pattern}`;
  let fits = statuses.get(key);
  if (fits === undefined) {
    if (statuses.size > 1_000) statuses.clear();
    statuses.set(key, (fits = new UserPattern(pattern).matchesAll([selector])));
  }
  return fits;
}

function respond(integration: Integration, answer: IntegrationAnswer, source: ParameterSource): WireReply {
  const responses = integration.integrationResponses ?? {};
  const chosen = select(responses, answer.selector);
  if (!chosen) throw misconfigured();
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [target, expression] of Object.entries(chosen.responseParameters ?? {})) {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const value = responseValue(expression, answer);
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  const [[type, template] = []] = Object.entries(chosen.responseTemplates ?? {});
  const status = Number(chosen.statusCode ?? 200);
  if (template === undefined || template === '') return { status, headers, body: answer.body };
  if (type !== undefined && !('content-type' in (chosen.responseParameters ?? {}))) headers['content-type'] = type;
  const override = { header: {} as Record<string, unknown>, status: undefined as unknown };
  const context = templateContext({
    ...source,
    body: answer.body,
    context: { ...source.context, responseOverride: override },
  });
  const body = renderTemplate(template, context);
  return overridden({ status, headers, body }, context);
}

/** What a template set by `#set($context.responseOverride.status = 201)`. */
function overridden(reply: WireReply, { context }: Record<string, unknown>): WireReply {
  const { responseOverride } = context as { responseOverride: { status?: unknown; header: Record<string, unknown> } };
  if (responseOverride.status !== undefined) reply.status = Number(responseOverride.status);
  for (const [name, value] of Object.entries(responseOverride.header))
    reply.headers[name.toLowerCase()] = String(value);
  return reply;
}
