import type { ApiKey } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, conflict, newId, pick, type RestState } from '../rest-state.js';

const answerKey = (key: ApiKey, showsValue: boolean | undefined): Answer<ApiKey> => {
  const { value: _value, ...rest } = key;
  return (showsValue === true ? key : rest) as Answer<ApiKey>;
};

export const createApiKey = defineOperation('api-gateway', 'CreateApiKey').as({
  run(state: RestState, { value, stageKeys, generateDistinctId: _distinct, ...input }, { region }) {
    const { keys } = state.in(region);
    if (value !== undefined && (value.length < 20 || value.length > 128)) {
      throw badRequest('API Key value should be at least 20 characters');
    }
    if (value !== undefined && [...keys.values()].some((key) => key.value === value)) {
      throw conflict('API Key already exists');
    }
    const now = new Date(state.environment.clock.now());
    const key: ApiKey = {
      id: newId(10),
      value: value ?? newId(40),
      enabled: false,
      ...input,
      stageKeys: (stageKeys ?? []).map(({ restApiId, stageName }) => `${restApiId}/${stageName}`),
      createdDate: now,
      lastUpdatedDate: now,
    };
    keys.set(key.id ?? '', key);
    return answerKey(key, true);
  },
});

export const getApiKey = defineOperation('api-gateway', 'GetApiKey').as({
  run: (state: RestState, { apiKey, includeValue }, { region }) =>
    answerKey(pick(state.in(region).keys, apiKey, 'API Key'), includeValue),
});

export const getApiKeys = defineOperation('api-gateway', 'GetApiKeys').as({
  run(state: RestState, { position, limit, nameQuery, customerId, includeValues }, { region }) {
    const wanted = [...state.in(region).keys.values()].filter(
      (key) =>
        (nameQuery === undefined || key.name?.startsWith(nameQuery) === true) &&
        (customerId === undefined || key.customerId === customerId),
    );
    const page = listPage(wanted, { of: 'GetApiKeys', keyOf: ({ id }) => id ?? '', position, limit });
    return { ...page, items: page.items.map((key) => answerKey(key, includeValues)) };
  },
});

export const updateApiKey = defineOperation('api-gateway', 'UpdateApiKey').as({
  run(state: RestState, { apiKey, patchOperations }, { region }) {
    const { keys } = state.in(region);
    const key = patched(pick(keys, apiKey, 'API Key'), patchOperations);
    key.lastUpdatedDate = new Date(state.environment.clock.now());
    keys.set(apiKey, key);
    return answerKey(key, false);
  },
});

export const deleteApiKey = defineOperation('api-gateway', 'DeleteApiKey').as({
  run(state: RestState, { apiKey }, { region }) {
    const { keys, plans } = state.in(region);
    pick(keys, apiKey, 'API Key');
    keys.delete(apiKey);
    for (const { keyIds } of plans.values()) keyIds.delete(apiKey);
    return {};
  },
});
