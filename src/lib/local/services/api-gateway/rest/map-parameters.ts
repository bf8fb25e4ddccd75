// `integration.request.header.X: method.request.querystring.y`, and their like for answers.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
import { atJsonPath } from '../mapping/json-path.js';
import type { RequestParameters } from '../mapping/template-context.js';

export interface ParameterSource {
  parameters: RequestParameters;
  body: string;
  context: Record<string, unknown>;
  stageVariables: Readonly<Record<string, string>>;
}

/** A source's value: a text in single quotes, or a place in the request, the context or the stage. Undefined if nothing is there. */
export function parameterValue(expression: string, source: ParameterSource): string | undefined {
  if (/^'.*'$/s.test(expression)) return expression.slice(1, -1);
  const [, place = '', name = ''] =
    /^(method\.request\.(?:header|querystring|path|multivalueheader|multivaluequerystring|body)|context|stageVariables)\.?(.*)$/s.exec(
      expression,
    ) ?? [];
  const value = read(place, name, source);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function read(place: string, name: string, { parameters, body, context, stageVariables }: ParameterSource): unknown {
  switch (place) {
    case 'method.request.path':
      return parameters.path[name];
    case 'method.request.querystring':
    case 'method.request.multivaluequerystring':
      return parameters.querystring[name];
    case 'method.request.header':
    case 'method.request.multivalueheader':
      return parameters.header[name.toLowerCase()];
    case 'method.request.body':
      return name === '' ? body : atJsonPath(parse(body), `$.${name}`);
    case 'context':
      return atJsonPath(context, `$.${name}`);
    case 'stageVariables':
      return stageVariables[name];
    default:
      return undefined;
  }
}

/** The value of an answer's header: a text in single quotes, or a place in what the integration answered. */
export function responseValue(
  expression: string,
  answer: { headers: Readonly<Record<string, string>>; body: string },
): string | undefined {
  if (/^'.*'$/s.test(expression)) return expression.slice(1, -1);
  const [, place, name = ''] = /^integration\.response\.(header|multivalueheader|body)\.?(.*)$/s.exec(expression) ?? [];
  if (place === undefined) return undefined;
  const value =
    place === 'body'
      ? atJsonPath(parse(answer.body), name === '' ? '$' : `$.${name}`)
      : answer.headers[name.toLowerCase()];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
