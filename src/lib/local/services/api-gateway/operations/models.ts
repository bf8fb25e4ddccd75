import type { Model } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, conflict, newId, pick, type RestState } from '../rest-state.js';

export const createModel = defineOperation('api-gateway', 'CreateModel').as({
  gaps: ['Models are JSON schema, draft 4, without `format`, `dependencies` and `patternProperties`.'],
  run(state: RestState, { restApiId, ...input }, { region }) {
    const { models } = state.mustHave(region, restApiId);
    if (!/^[a-zA-Z0-9]+$/.test(input.name)) throw badRequest('Model name must be alphanumeric');
    if (models.has(input.name)) throw conflict('Model name already exists for this REST API');
    checkSchema(input.schema);
    const model: Model = { id: newId(6), ...input };
    models.set(input.name, model);
    return model as Answer<Model>;
  },
});

function checkSchema(schema: string | undefined): void {
  if (schema === undefined || schema === '') return;
  try {
    JSON.parse(schema);
  } catch {
    throw badRequest('Invalid model schema specified');
  }
}

export const getModel = defineOperation('api-gateway', 'GetModel').as({
  run: (state: RestState, { restApiId, modelName }, { region }) =>
    pick(state.mustHave(region, restApiId).models, modelName, 'Model') as Answer<Model>,
});

export const getModels = defineOperation('api-gateway', 'GetModels').as({
  run(state: RestState, { restApiId, position, limit }, { region }) {
    const all = state.mustHave(region, restApiId).models.values() as Iterable<Answer<Model>>;
    return listPage(all, { of: `GetModels ${restApiId}`, keyOf: ({ name }) => name ?? '', position, limit });
  },
});

export const updateModel = defineOperation('api-gateway', 'UpdateModel').as({
  run(state: RestState, { restApiId, modelName, patchOperations }, { region }) {
    const { models } = state.mustHave(region, restApiId);
    const model = patched(pick(models, modelName, 'Model'), patchOperations);
    checkSchema(model.schema);
    models.set(modelName, model);
    return model as Answer<Model>;
  },
});

export const deleteModel = defineOperation('api-gateway', 'DeleteModel').as({
  run(state: RestState, { restApiId, modelName }, { region }) {
    const { models } = state.mustHave(region, restApiId);
    pick(models, modelName, 'Model');
    models.delete(modelName);
    return {};
  },
});
