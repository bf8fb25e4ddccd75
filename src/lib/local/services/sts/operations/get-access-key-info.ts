import { defineOperation } from '../../../define-operation.js';

export const getAccessKeyInfo = defineOperation('sts', 'GetAccessKeyInfo').as({
  constraints: { AccessKeyId: { min: 16, max: 128, pattern: '[\\w]*' } },
  run: (_state, _input, { accountId }) => ({ Account: accountId }),
});
