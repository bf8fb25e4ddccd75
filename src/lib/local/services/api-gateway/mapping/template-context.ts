// What a mapping template sees: $input, $util, $context, $stageVariables.
import { atJsonPath } from './json-path.js';

/** Parameters as `$input.params()` groups them. */
export interface RequestParameters {
  path: Record<string, string>;
  querystring: Record<string, string>;
  header: Record<string, string>;
}

export interface TemplateInput {
  body: string;
  parameters: RequestParameters;
  context: Record<string, unknown>;
  stageVariables: Readonly<Record<string, string>>;
}

export function templateContext({ body, parameters, context, stageVariables }: TemplateInput): Record<string, unknown> {
  let isRead = false;
  let document: unknown;
  const read = (): unknown => {
    if (!isRead) document = parseBare(body);
    isRead = true;
    return document;
  };
  const headerOf = (name: string): string | undefined => {
    const wanted = name.toLowerCase();
    const found = Object.keys(parameters.header).find((key) => key.toLowerCase() === wanted);
    return found === undefined ? undefined : parameters.header[found];
  };
  return bare({
    input: bare({
      body,
      json: (path: unknown) => JSON.stringify(atJsonPath(read(), String(path))) ?? '',
      path: (path: unknown) => atJsonPath(read(), String(path)) ?? '',
      params: (name?: unknown) => {
        if (name === undefined) {
          const { path, querystring, header } = parameters;
          return bare({ path: bare(path), querystring: bare(querystring), header: bare(header) });
        }
        const key = String(name);
        // In this order: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
        return parameters.path[key] ?? parameters.querystring[key] ?? headerOf(key) ?? '';
      },
    }),
    util: bare({
      escapeJavaScript: (text: unknown) => escapeJavaScript(String(text)),
      parseJson: (text: unknown) => parseBare(String(text)),
      urlEncode: (text: unknown) => encodeURIComponent(String(text)).replaceAll('%20', '+'),
      urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll('+', ' ')),
      base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
      base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString('utf8'),
    }),
    context: withoutPrototypes(context),
    stageVariables: bare(stageVariables),
  });
}

/** Apache Commons' escapeJavaScript, with AWS's exception: a single quote is escaped too. */
const escapeJavaScript = (text: string): string =>
  text.replace(/[\\"'/\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character);

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '"': '\\"',
  "'": "\\'",
  '/': '\\/',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** JSON without prototypes; an empty object for what is none, as a template sees it. */
function parseBare(text: string): unknown {
  if (text === '') return bare({});
  try {
    return withoutPrototypes(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The same members in an object that has nothing else. */
const bare = <T extends object>(members: T): T => Object.assign(Object.create(null), members);

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = withoutPrototypes((value as Record<string, unknown>)[key]);
  return copy;
}
