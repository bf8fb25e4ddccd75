import type { Method, MethodResponse } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { patched } from '../patch.js';
import { badRequest, conflict, methodOf, notFound, type RestState, resourceOf } from '../rest-state.js';

const answerMethod = (method: Method): Answer<Method> => method as Answer<Method>;

export const putMethod = defineOperation('api-gateway', 'PutMethod').as({
  constraints: { authorizationType: { enum: ['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS'] } },
  run(state: RestState, { restApiId, resourceId, ...input }, { region }) {
    const record = state.mustHave(region, restApiId);
    const { methods } = resourceOf(record, resourceId);
    if (input.authorizationType === 'COGNITO_USER_POOLS') {
      throw badRequest('authorizationType COGNITO_USER_POOLS is not implemented at this endpoint.');
    }
    if (methods.has(input.httpMethod)) throw conflict('Method already exists for this resource');
    if (input.authorizerId !== undefined && !record.authorizers.has(input.authorizerId)) {
      throw badRequest(
        'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
      );
    }
    const method: Method = { ...input, apiKeyRequired: input.apiKeyRequired ?? false };
    methods.set(input.httpMethod, method);
    return answerMethod(method);
  },
});

export const getMethod = defineOperation('api-gateway', 'GetMethod').as({
  run: (state: RestState, { restApiId, resourceId, httpMethod }, { region }) =>
    answerMethod(methodOf(state.mustHave(region, restApiId), resourceId, httpMethod)),
});

export const updateMethod = defineOperation('api-gateway', 'UpdateMethod').as({
  run(state: RestState, { restApiId, resourceId, httpMethod, patchOperations }, { region }) {
    const record = state.mustHave(region, restApiId);
    const method = patched(methodOf(record, resourceId, httpMethod), patchOperations, ['authorizationScopes']);
    resourceOf(record, resourceId).methods.set(httpMethod, method);
    return answerMethod(method);
  },
});

export const deleteMethod = defineOperation('api-gateway', 'DeleteMethod').as({
  run(state: RestState, { restApiId, resourceId, httpMethod }, { region }) {
    const record = state.mustHave(region, restApiId);
    methodOf(record, resourceId, httpMethod);
    resourceOf(record, resourceId).methods.delete(httpMethod);
    return {};
  },
});

const responseOf = (method: Method, statusCode: string): MethodResponse => {
  const response = method.methodResponses?.[statusCode];
  if (!response) throw notFound('Invalid Response status code specified');
  return response;
};

export const putMethodResponse = defineOperation('api-gateway', 'PutMethodResponse').as({
  run(state: RestState, { restApiId, resourceId, httpMethod, ...response }, { region }) {
    const method = methodOf(state.mustHave(region, restApiId), resourceId, httpMethod);
    method.methodResponses = { ...method.methodResponses, [response.statusCode]: response };
    return response as Answer<MethodResponse>;
  },
});

export const getMethodResponse = defineOperation('api-gateway', 'GetMethodResponse').as({
  run: (state: RestState, { restApiId, resourceId, httpMethod, statusCode }, { region }) =>
    responseOf(
      methodOf(state.mustHave(region, restApiId), resourceId, httpMethod),
      statusCode,
    ) as Answer<MethodResponse>,
});

export const deleteMethodResponse = defineOperation('api-gateway', 'DeleteMethodResponse').as({
  run(state: RestState, { restApiId, resourceId, httpMethod, statusCode }, { region }) {
    const method = methodOf(state.mustHave(region, restApiId), resourceId, httpMethod);
    responseOf(method, statusCode);
    delete method.methodResponses?.[statusCode];
    return {};
  },
});
