import type { RestApi } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer, Checked } from '../../../wire/handlers.js';
import { importOpenApi } from '../open-api/import-open-api.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, newId, type RestApiRecord, type RestState } from '../rest-state.js';

const answerApi = ({ api }: RestApiRecord): Answer<RestApi> => api as Answer<RestApi>;

/** A new API with its root resource. */
function newApi(state: RestState, region: string, members: Omit<RestApi, 'id' | 'rootResourceId'>): RestApiRecord {
  const id = newId(10);
  const rootId = newId(10);
  const record: RestApiRecord = {
    id,
    region,
    rootId,
    api: {
      apiKeySource: 'HEADER',
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
      disableExecuteApiEndpoint: false,
      ...members,
      id,
      rootResourceId: rootId,
      createdDate: new Date(state.environment.clock.now()),
    },
    resources: new Map([
      [rootId, { id: rootId, parentId: undefined, pathPart: undefined, path: '/', methods: new Map() }],
    ]),
    models: new Map(),
    validators: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    deployments: new Map(),
    stages: new Map(),
  };
  for (const [name, schema] of DEFAULT_MODELS) {
    record.models.set(name, {
      id: newId(6),
      name,
      schema,
      contentType: 'application/json',
      description: `This is a default ${name.toLowerCase()} schema model`,
    });
  }
  state.add(record);
  return record;
}

const DEFAULT_MODELS = [
  [
    'Empty',
    '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
  ],
  [
    'Error',
    '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
  ],
] as const;

export const createRestApi = defineOperation('api-gateway', 'CreateRestApi').as({
  notHere: ['cloneFrom'],
  gaps: ['Resource policies (`policy`) are kept and have no effect.'],
  run(state: RestState, input, { region }) {
    if (input.name === '') throw badRequest('Invalid API name specified');
    const { cloneFrom: _cloneFrom, ...members } = input as Checked<RestApi & { cloneFrom?: string }>;
    return answerApi(newApi(state, region, members as RestApi));
  },
});

export const getRestApi = defineOperation('api-gateway', 'GetRestApi').as({
  run: (state: RestState, { restApiId }, { region }) => answerApi(state.mustHave(region, restApiId)),
});

export const getRestApis = defineOperation('api-gateway', 'GetRestApis').as({
  run(state: RestState, { position, limit }, { region }) {
    const page = listPage(state.in(region).apis.values(), {
      of: 'GetRestApis',
      keyOf: ({ id }) => id,
      position,
      limit,
    });
    return { ...page, items: page.items.map(answerApi) };
  },
});

export const updateRestApi = defineOperation('api-gateway', 'UpdateRestApi').as({
  run(state: RestState, { restApiId, patchOperations }, { region }) {
    const record = state.mustHave(region, restApiId);
    record.api = patched(record.api, patchOperations, ['binaryMediaTypes']);
    return answerApi(record);
  },
});

export const deleteRestApi = defineOperation('api-gateway', 'DeleteRestApi').as({
  run(state: RestState, { restApiId }, { region }) {
    state.remove(state.mustHave(region, restApiId));
    return {};
  },
});

/** The client's types take a stream for this body; the wire gives bytes, as the schema says. */
const asBytes = (body: unknown): Uint8Array => body as Uint8Array;

export const importRestApi = defineOperation('api-gateway', 'ImportRestApi').as({
  run(state: RestState, { body }, { region }) {
    const record = newApi(state, region, { name: 'imported' });
    try {
      importOpenApi(record, asBytes(body));
    } catch (error) {
      state.remove(record);
      throw error;
    }
    return answerApi(record);
  },
});

export const putRestApi = defineOperation('api-gateway', 'PutRestApi').as({
  run(state: RestState, { restApiId, body, mode }, { region }) {
    const record = state.mustHave(region, restApiId);
    importOpenApi(record, asBytes(body), { isMerge: mode === 'merge' });
    return answerApi(record);
  },
});
