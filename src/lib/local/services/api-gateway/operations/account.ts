import type { Account } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { patched } from '../patch.js';
import type { RestState } from '../rest-state.js';

export const getAccount = defineOperation('api-gateway', 'GetAccount').as({
  run: (state: RestState, _input, { region }) => state.in(region).account as Answer<Account>,
});

export const updateAccount = defineOperation('api-gateway', 'UpdateAccount').as({
  run(state: RestState, { patchOperations }, { region }) {
    const own = state.in(region);
    own.account = patched(own.account, patchOperations, ['features']);
    return own.account as Answer<Account>;
  },
});
