import { defineOperation } from '../../../define-operation.js';
// What infrastructure tools read of every function, and the local endpoint has only in AWS's default.

import { functionArn } from '../function-name.js';
import { findFunction, type LambdaStore } from '../lambda-store.js';

export const getFunctionCodeSigningConfig = defineOperation('lambda', 'GetFunctionCodeSigningConfig').as({
  run(store: LambdaStore, input, context) {
    return {
      FunctionName: findFunction(store, input.FunctionName, context).name,
      CodeSigningConfigArn: '',
    };
  },
});

export const getRuntimeManagementConfig = defineOperation('lambda', 'GetRuntimeManagementConfig').as({
  run(store: LambdaStore, input, context) {
    const { name } = findFunction(store, input.FunctionName, context);
    return { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(context, name) };
  },
});

export const getFunctionRecursionConfig = defineOperation('lambda', 'GetFunctionRecursionConfig').as({
  run(store: LambdaStore, input, context) {
    findFunction(store, input.FunctionName, context);
    return { RecursiveLoop: 'Terminate' };
  },
});
