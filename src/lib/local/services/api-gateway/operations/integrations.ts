import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { checkIntegration } from '../check-integration.js';
import { patched } from '../patch.js';
import { methodOf, notFound, type RestState } from '../rest-state.js';

interface Place {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
}

const integrationOf = (state: RestState, region: string, { restApiId, resourceId, httpMethod }: Place): Integration => {
  const { methodIntegration } = methodOf(state.mustHave(region, restApiId), resourceId, httpMethod);
  if (!methodIntegration) throw notFound('Invalid Integration identifier specified');
  return methodIntegration;
};

export const putIntegration = defineOperation('api-gateway', 'PutIntegration').as({
  gaps: [
    '**HTTP and HTTP_PROXY integrations**, VPC links, response streaming and caching are refused or have no effect.',
    '`contentHandling` has no effect: mapped integrations read and write text.',
  ],
  run(state: RestState, { restApiId, resourceId, httpMethod, integrationHttpMethod, ...input }, { region }) {
    const method = methodOf(state.mustHave(region, restApiId), resourceId, httpMethod);
    const integration: Integration = {
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: resourceId,
      cacheKeyParameters: [],
      ...input,
      ...(integrationHttpMethod === undefined ? {} : { httpMethod: integrationHttpMethod }),
    };
    checkIntegration(integration);
    method.methodIntegration = integration;
    return integration as Answer<Integration>;
  },
});

export const getIntegration = defineOperation('api-gateway', 'GetIntegration').as({
  run: (state: RestState, input, { region }) => integrationOf(state, region, input) as Answer<Integration>,
});

export const updateIntegration = defineOperation('api-gateway', 'UpdateIntegration').as({
  run(state: RestState, { patchOperations, ...place }, { region }) {
    const method = methodOf(state.mustHave(region, place.restApiId), place.resourceId, place.httpMethod);
    const integration = patched(integrationOf(state, region, place), patchOperations, ['cacheKeyParameters']);
    checkIntegration(integration);
    method.methodIntegration = integration;
    return integration as Answer<Integration>;
  },
});

export const deleteIntegration = defineOperation('api-gateway', 'DeleteIntegration').as({
  run(state: RestState, input, { region }) {
    integrationOf(state, region, input);
    delete methodOf(state.mustHave(region, input.restApiId), input.resourceId, input.httpMethod).methodIntegration;
    return {};
  },
});

export const putIntegrationResponse = defineOperation('api-gateway', 'PutIntegrationResponse').as({
  run(state: RestState, { restApiId, resourceId, httpMethod, ...response }, { region }) {
    const integration = integrationOf(state, region, { restApiId, resourceId, httpMethod });
    integration.integrationResponses = { ...integration.integrationResponses, [response.statusCode]: response };
    return response as Answer<IntegrationResponse>;
  },
});

const responseOf = ({ integrationResponses }: Integration, statusCode: string): IntegrationResponse => {
  const response = integrationResponses?.[statusCode];
  if (!response) throw notFound('Invalid Response status code specified');
  return response;
};

export const getIntegrationResponse = defineOperation('api-gateway', 'GetIntegrationResponse').as({
  run: (state: RestState, { statusCode, ...place }, { region }) =>
    responseOf(integrationOf(state, region, place), statusCode) as Answer<IntegrationResponse>,
});

export const deleteIntegrationResponse = defineOperation('api-gateway', 'DeleteIntegrationResponse').as({
  run(state: RestState, { statusCode, ...place }, { region }) {
    const integration = integrationOf(state, region, place);
    responseOf(integration, statusCode);
    delete integration.integrationResponses?.[statusCode];
    return {};
  },
});
