// OpenAPI documents with Amazon's extensions: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
import type { Integration, IntegrationResponse, IntegrationType, Method } from '@aws-sdk/client-api-gateway';
import { parse } from 'yaml';
import { checkIntegration } from '../check-integration.js';
import { addResource } from '../operations/resources.js';
import { badRequest, newId, type RestApiRecord, type RestResource, resourceOf } from '../rest-state.js';
import { type Document, isMap, listOf, type MapOf, mapOf, textOf } from './document.js';
import { importParts } from './import-parts.js';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'x-amazon-apigateway-any-method']);

/**
 * Makes the resources, methods and settings that a document describes; those that were there go, unless it merges.
 * @throws AwsError BadRequestException
 */
export function importOpenApi(record: RestApiRecord, body: Uint8Array, { isMerge = false } = {}): void {
  const document = readDocument(body);
  if (!isMerge) clear(record);
  const info = mapOf(document.info);
  record.api = {
    ...record.api,
    name: textOf(info.title) ?? record.api.name,
    description: textOf(info.description) ?? record.api.description,
    version: textOf(info.version) ?? record.api.version,
  };
  const types = document['x-amazon-apigateway-binary-media-types'];
  if (Array.isArray(types)) record.api.binaryMediaTypes = types.map(String);
  importParts(record, document);
  for (const [path, item] of Object.entries(mapOf(document.paths))) {
    const resource = resourceAt(record, `${textOf(document.basePath) ?? ''}${path}`.replace(/^\/\//, '/'));
    for (const [name, operation] of Object.entries(mapOf(item))) {
      if (!METHODS.has(name.toLowerCase()) || !isMap(operation)) continue;
      const method = methodOf(record, document, { name, operation, shared: listOf(mapOf(item).parameters) });
      resource.methods.set(method.httpMethod ?? '', method);
    }
  }
}

function readDocument(body: Uint8Array): Document {
  const text = Buffer.from(body).toString('utf8');
  let value: unknown;
  try {
    value = text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text);
  } catch {
    throw badRequest('Invalid OpenAPI input.');
  }
  if (!isMap(value) || (value.swagger === undefined && value.openapi === undefined)) {
    throw badRequest('Invalid OpenAPI input.');
  }
  return value;
}

function clear(record: RestApiRecord): void {
  const root = resourceOf(record, record.rootId);
  root.methods.clear();
  record.resources.clear();
  record.resources.set(root.id, root);
  record.authorizers.clear();
  record.validators.clear();
  record.gatewayResponses.clear();
}

function resourceAt(record: RestApiRecord, path: string): RestResource {
  let resource = resourceOf(record, record.rootId);
  for (const part of path.split('/').filter((each) => each !== '')) {
    const { id } = resource;
    const known = [...record.resources.values()].find(({ parentId, pathPart }) => parentId === id && pathPart === part);
    resource = known ?? addResource(record, id, part);
  }
  return resource;
}

interface Operation {
  name: string;
  operation: MapOf;
  /** Parameters of the whole path. */
  shared: unknown[];
}

function methodOf(record: RestApiRecord, document: Document, { name, operation, shared }: Operation): Method {
  const validator = textOf(
    operation['x-amazon-apigateway-request-validator'] ?? document['x-amazon-apigateway-request-validator'],
  );
  const requestValidatorId = [...record.validators.values()].find((each) => each.name === validator)?.id;
  const method: Method = {
    httpMethod: name.toLowerCase() === 'x-amazon-apigateway-any-method' ? 'ANY' : name.toUpperCase(),
    authorizationType: 'NONE',
    apiKeyRequired: false,
    ...(requestValidatorId === undefined ? {} : { requestValidatorId }),
    ...requestParts(document, operation, [...shared, ...listOf(operation.parameters)]),
  };
  for (const requirement of listOf(operation.security ?? document.security)) {
    for (const scheme of Object.keys(mapOf(requirement))) secure(record, document, { method, scheme });
  }
  const integration = operation['x-amazon-apigateway-integration'] ?? document['x-amazon-apigateway-integration'];
  if (isMap(integration)) method.methodIntegration = integrationOf(integration);
  return method;
}

function secure(
  record: RestApiRecord,
  document: Document,
  { method, scheme }: { method: Method; scheme: string },
): void {
  const definitions = { ...mapOf(document.securityDefinitions), ...mapOf(mapOf(document.components).securitySchemes) };
  const definition = mapOf(definitions[scheme]);
  const authorizer = [...record.authorizers.values()].find(({ name }) => name === scheme);
  if (authorizer) Object.assign(method, { authorizationType: 'CUSTOM', authorizerId: authorizer.id });
  else if (definition['x-amazon-apigateway-authtype'] === 'awsSigv4') method.authorizationType = 'AWS_IAM';
  else if (textOf(definition.name)?.toLowerCase() === 'x-api-key') method.apiKeyRequired = true;
}

const PLACES: Readonly<Record<string, string>> = { path: 'path', query: 'querystring', header: 'header' };

function requestParts(document: Document, operation: MapOf, parameters: unknown[]): Partial<Method> {
  const required: Record<string, boolean> = {};
  const models: Record<string, string> = {};
  for (const parameter of parameters.map(mapOf)) {
    const place = PLACES[textOf(parameter.in) ?? ''];
    if (place !== undefined) required[`method.request.${place}.${parameter.name}`] = parameter.required === true;
    const model = parameter.in === 'body' ? modelName(parameter.schema) : undefined;
    const [type = 'application/json'] = listOf(operation.consumes ?? document.consumes).map(String);
    if (model !== undefined) models[type] = model;
  }
  for (const [type, content] of Object.entries(mapOf(mapOf(operation.requestBody).content))) {
    const model = modelName(mapOf(content).schema);
    if (model !== undefined) models[type] = model;
  }
  return {
    ...(Object.keys(required).length === 0 ? {} : { requestParameters: required }),
    ...(Object.keys(models).length === 0 ? {} : { requestModels: models }),
  };
}

const modelName = (schema: unknown): string | undefined =>
  /^#\/(?:definitions|components\/schemas)\/(\w+)$/.exec(textOf(mapOf(schema).$ref) ?? '')?.[1];

const MEMBERS = ['uri', 'credentials', 'httpMethod', 'contentHandling', 'cacheNamespace'] as const;

function integrationOf(given: MapOf): Integration {
  const integration: Integration = {
    type: (textOf(given.type) ?? '').toUpperCase() as IntegrationType,
    passthroughBehavior: (textOf(given.passthroughBehavior) ?? 'WHEN_NO_MATCH').toUpperCase(),
    timeoutInMillis: typeof given.timeoutInMillis === 'number' ? given.timeoutInMillis : 29_000,
    cacheNamespace: newId(6),
    cacheKeyParameters: [],
    requestParameters: textsOf(given.requestParameters),
    requestTemplates: textsOf(given.requestTemplates),
  };
  for (const member of MEMBERS) if (given[member] !== undefined) integration[member] = String(given[member]) as never;
  const responses: Record<string, IntegrationResponse> = {};
  for (const [pattern, response] of Object.entries(mapOf(given.responses))) {
    const { statusCode, responseParameters, responseTemplates } = mapOf(response);
    const status = String(statusCode ?? 200);
    responses[`${status} ${pattern}`] = {
      statusCode: status,
      ...(pattern === 'default' ? {} : { selectionPattern: pattern }),
      responseParameters: textsOf(responseParameters),
      responseTemplates: textsOf(responseTemplates),
    };
  }
  if (Object.keys(responses).length > 0) integration.integrationResponses = byStatus(responses);
  checkIntegration(integration);
  return integration;
}

/** By status, as the API keeps them; of several with one status the last counts. */
const byStatus = (responses: Record<string, IntegrationResponse>): Record<string, IntegrationResponse> =>
  Object.fromEntries(Object.values(responses).map((response) => [response.statusCode ?? '200', response]));

const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(mapOf(value)).map(([key, text]) => [key, String(text)]));
