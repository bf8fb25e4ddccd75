import type { RequestValidator } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { newId, pick, type RestState } from '../rest-state.js';

const KIND = 'Request Validator';

export const createRequestValidator = defineOperation('api-gateway', 'CreateRequestValidator').as({
  run(state: RestState, { restApiId, name, validateRequestBody, validateRequestParameters }, { region }) {
    const validator: RequestValidator = {
      id: newId(6),
      name,
      validateRequestBody: validateRequestBody ?? false,
      validateRequestParameters: validateRequestParameters ?? false,
    };
    state.mustHave(region, restApiId).validators.set(validator.id ?? '', validator);
    return validator as Answer<RequestValidator>;
  },
});

export const getRequestValidator = defineOperation('api-gateway', 'GetRequestValidator').as({
  run: (state: RestState, { restApiId, requestValidatorId }, { region }) =>
    pick(state.mustHave(region, restApiId).validators, requestValidatorId, KIND) as Answer<RequestValidator>,
});

export const getRequestValidators = defineOperation('api-gateway', 'GetRequestValidators').as({
  run(state: RestState, { restApiId, position, limit }, { region }) {
    const all = state.mustHave(region, restApiId).validators.values() as Iterable<Answer<RequestValidator>>;
    return listPage(all, { of: `GetRequestValidators ${restApiId}`, keyOf: ({ id }) => id ?? '', position, limit });
  },
});

export const updateRequestValidator = defineOperation('api-gateway', 'UpdateRequestValidator').as({
  run(state: RestState, { restApiId, requestValidatorId, patchOperations }, { region }) {
    const { validators } = state.mustHave(region, restApiId);
    const validator = patched(pick(validators, requestValidatorId, KIND), patchOperations);
    validators.set(requestValidatorId, validator);
    return validator as Answer<RequestValidator>;
  },
});

export const deleteRequestValidator = defineOperation('api-gateway', 'DeleteRequestValidator').as({
  run(state: RestState, { restApiId, requestValidatorId }, { region }) {
    const { validators } = state.mustHave(region, restApiId);
    pick(validators, requestValidatorId, KIND);
    validators.delete(requestValidatorId);
    return {};
  },
});
