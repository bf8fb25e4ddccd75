// What infrastructure tools read of every function, and the local endpoint has only in AWS's default.
import type { Handler } from '../../wire/handlers.js';
import { functionArn } from './function-name.js';
import { findFunction, type LambdaStore } from './lambda-store.js';

export function getFunctionCodeSigningConfig(store: LambdaStore): Handler<'lambda', 'GetFunctionCodeSigningConfig'> {
  return (input, context) => ({
    FunctionName: findFunction(store, input.FunctionName, context).name,
    CodeSigningConfigArn: '',
  });
}

export function getRuntimeManagementConfig(store: LambdaStore): Handler<'lambda', 'GetRuntimeManagementConfig'> {
  return (input, context) => {
    const { name } = findFunction(store, input.FunctionName, context);
    return { UpdateRuntimeOn: 'Auto', FunctionArn: functionArn(context.region, context.accountId, name) };
  };
}

export function getFunctionRecursionConfig(store: LambdaStore): Handler<'lambda', 'GetFunctionRecursionConfig'> {
  return (input, context) => {
    findFunction(store, input.FunctionName, context);
    return { RecursiveLoop: 'Terminate' };
  };
}
