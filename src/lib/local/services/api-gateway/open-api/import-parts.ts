import type { AuthorizerType, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { badRequest, newId, type RestApiRecord } from '../rest-state.js';
import { type Document, isMap, mapOf, textOf } from './document.js';

/** Imports what a document has beside its paths: models, validators, authorizers, gateway responses. */
export function importParts(record: RestApiRecord, document: Document): void {
  for (const [name, schema] of Object.entries({
    ...mapOf(document.definitions),
    ...mapOf(mapOf(document.components).schemas),
  })) {
    const text = JSON.stringify(schema).replace(/"#\/(?:definitions|components\/schemas)\/(\w+)"/g, MODEL_REFERENCE);
    record.models.set(name, { id: newId(6), name, schema: text, contentType: 'application/json' });
  }
  for (const [name, validator] of Object.entries(mapOf(document['x-amazon-apigateway-request-validators']))) {
    const { validateRequestBody, validateRequestParameters } = mapOf(validator);
    const id = newId(6);
    record.validators.set(id, {
      id,
      name,
      validateRequestBody: validateRequestBody === true,
      validateRequestParameters: validateRequestParameters === true,
    });
  }
  for (const [type, response] of Object.entries(mapOf(document['x-amazon-apigateway-gateway-responses']))) {
    const { statusCode, responseParameters, responseTemplates } = mapOf(response);
    record.gatewayResponses.set(type, {
      responseType: type as GatewayResponseType,
      ...(statusCode === undefined ? {} : { statusCode: String(statusCode) }),
      responseParameters: mapOf(responseParameters) as Record<string, string>,
      responseTemplates: mapOf(responseTemplates) as Record<string, string>,
      defaultResponse: false,
    });
  }
  importAuthorizers(record, document);
}

const MODEL_REFERENCE = '"https://apigateway.amazonaws.com/restapis/this/models/$1"';

function importAuthorizers(record: RestApiRecord, document: Document): void {
  const schemes = { ...mapOf(document.securityDefinitions), ...mapOf(mapOf(document.components).securitySchemes) };
  for (const [name, scheme] of Object.entries(schemes)) {
    const definition = mapOf(scheme);
    const authorizer = definition['x-amazon-apigateway-authorizer'];
    if (!isMap(authorizer)) continue;
    const type = (textOf(authorizer.type) ?? '').toUpperCase();
    if (type !== 'TOKEN' && type !== 'REQUEST') {
      throw badRequest(`Authorizers of type ${type} are not implemented at this endpoint.`);
    }
    const id = newId(6);
    record.authorizers.set(id, {
      id,
      name,
      type: type as AuthorizerType,
      authType: 'custom',
      authorizerUri: textOf(authorizer.authorizerUri),
      authorizerCredentials: textOf(authorizer.authorizerCredentials),
      identitySource:
        textOf(authorizer.identitySource) ?? `method.request.header.${textOf(definition.name) ?? 'Authorization'}`,
      identityValidationExpression: textOf(authorizer.identityValidationExpression),
      authorizerResultTtlInSeconds:
        authorizer.authorizerResultTtlInSeconds === undefined ? 300 : Number(authorizer.authorizerResultTtlInSeconds),
    });
  }
}
