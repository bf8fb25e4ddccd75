import type { GatewayResponse } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { pick, type RestState } from '../rest-state.js';

const KIND = 'Gateway response type';

export const putGatewayResponse = defineOperation('api-gateway', 'PutGatewayResponse').as({
  run(state: RestState, { restApiId, ...input }, { region }) {
    const response: GatewayResponse = {
      responseParameters: {},
      responseTemplates: {},
      ...input,
      defaultResponse: false,
    };
    state.mustHave(region, restApiId).gatewayResponses.set(input.responseType, response);
    return response as Answer<GatewayResponse>;
  },
});

export const getGatewayResponse = defineOperation('api-gateway', 'GetGatewayResponse').as({
  run: (state: RestState, { restApiId, responseType }, { region }) =>
    pick(state.mustHave(region, restApiId).gatewayResponses, responseType, KIND) as Answer<GatewayResponse>,
});

export const getGatewayResponses = defineOperation('api-gateway', 'GetGatewayResponses').as({
  gaps: ['Only responses that an API changed are listed, not the defaults.'],
  run(state: RestState, { restApiId, position, limit }, { region }) {
    const all = state.mustHave(region, restApiId).gatewayResponses.values() as Iterable<Answer<GatewayResponse>>;
    const of = `GetGatewayResponses ${restApiId}`;
    return listPage(all, { of, keyOf: ({ responseType }) => responseType ?? '', position, limit });
  },
});

export const updateGatewayResponse = defineOperation('api-gateway', 'UpdateGatewayResponse').as({
  run(state: RestState, { restApiId, responseType, patchOperations }, { region }) {
    const { gatewayResponses } = state.mustHave(region, restApiId);
    const response = patched(gatewayResponses.get(responseType) ?? { responseType }, patchOperations);
    gatewayResponses.set(responseType, response);
    return response as Answer<GatewayResponse>;
  },
});

export const deleteGatewayResponse = defineOperation('api-gateway', 'DeleteGatewayResponse').as({
  run(state: RestState, { restApiId, responseType }, { region }) {
    const { gatewayResponses } = state.mustHave(region, restApiId);
    pick(gatewayResponses, responseType, KIND);
    gatewayResponses.delete(responseType);
    return {};
  },
});
