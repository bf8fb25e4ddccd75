import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import { badRequest, newId, pick, type RestState } from '../rest-state.js';

export const createAuthorizer = defineOperation('api-gateway', 'CreateAuthorizer').as({
  notHere: ['providerARNs'],
  gaps: [
    "**Cognito authorizers** are refused. Conditions in an authorizer's policy are not read. AWS_IAM methods want a signature and do not verify it.",
  ],
  run(state: RestState, { restApiId, ...input }, { region }) {
    if (input.type === 'COGNITO_USER_POOLS') {
      throw badRequest('Authorizers of type COGNITO_USER_POOLS are not implemented at this endpoint.');
    }
    if (input.authorizerUri === undefined) throw badRequest('Invalid Authorizer URI');
    if (input.type === 'TOKEN' && input.identitySource === undefined) {
      throw badRequest('Identity source is required for TOKEN authorizers');
    }
    const authorizer: Authorizer = { id: newId(6), authType: 'custom', authorizerResultTtlInSeconds: 300, ...input };
    state.mustHave(region, restApiId).authorizers.set(authorizer.id ?? '', authorizer);
    return authorizer as Answer<Authorizer>;
  },
});

export const getAuthorizer = defineOperation('api-gateway', 'GetAuthorizer').as({
  run: (state: RestState, { restApiId, authorizerId }, { region }) =>
    pick(state.mustHave(region, restApiId).authorizers, authorizerId, 'Authorizer') as Answer<Authorizer>,
});

export const getAuthorizers = defineOperation('api-gateway', 'GetAuthorizers').as({
  run(state: RestState, { restApiId, position, limit }, { region }) {
    const all = state.mustHave(region, restApiId).authorizers.values() as Iterable<Answer<Authorizer>>;
    return listPage(all, { of: `GetAuthorizers ${restApiId}`, keyOf: ({ id }) => id ?? '', position, limit });
  },
});

export const updateAuthorizer = defineOperation('api-gateway', 'UpdateAuthorizer').as({
  run(state: RestState, { restApiId, authorizerId, patchOperations }, { region }) {
    const { authorizers } = state.mustHave(region, restApiId);
    const authorizer = patched(pick(authorizers, authorizerId, 'Authorizer'), patchOperations);
    authorizers.set(authorizerId, authorizer);
    return authorizer as Answer<Authorizer>;
  },
});

export const deleteAuthorizer = defineOperation('api-gateway', 'DeleteAuthorizer').as({
  run(state: RestState, { restApiId, authorizerId }, { region }) {
    const { authorizers } = state.mustHave(region, restApiId);
    pick(authorizers, authorizerId, 'Authorizer');
    authorizers.delete(authorizerId);
    return {};
  },
});
