import { defineOperation } from '../../../define-operation.js';

import {
  ACCOUNT_CONCURRENCY,
  LEAST_UNRESERVED,
  spareConcurrency,
  unreservedConcurrency,
} from '../account-concurrency.js';
import { invalidParameter } from '../lambda-error.js';
import { findFunction, type LambdaStore } from '../lambda-store.js';

export const putFunctionConcurrency = defineOperation('lambda', 'PutFunctionConcurrency').as({
  constraints: { ReservedConcurrentExecutions: { range: [0, Number.MAX_SAFE_INTEGER] } },
  run(store: LambdaStore, input, context) {
    const wanted = input.ReservedConcurrentExecutions;
    const found = findFunction(store, input.FunctionName, context);
    if (wanted > spareConcurrency(store.regions.in(context.region), found)) {
      throw invalidParameter(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
      );
    }
    const provisioned = [...found.provisioned.values()].reduce((sum, { executions }) => sum + executions, 0);
    if (wanted < provisioned) {
      throw invalidParameter(
        `ReservedConcurrentExecutions ${wanted} should not be lower than function's total provisioned concurrency [${provisioned}].`,
      );
    }
    found.reservedConcurrency = wanted;
    return { ReservedConcurrentExecutions: wanted };
  },
});

export const getFunctionConcurrency = defineOperation('lambda', 'GetFunctionConcurrency').as({
  run(store: LambdaStore, input, context) {
    const { reservedConcurrency } = findFunction(store, input.FunctionName, context);
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});

export const deleteFunctionConcurrency = defineOperation('lambda', 'DeleteFunctionConcurrency').as({
  run(store: LambdaStore, input, context) {
    findFunction(store, input.FunctionName, context).reservedConcurrency = undefined;
    return {};
  },
});

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const getAccountSettings = defineOperation('lambda', 'GetAccountSettings').as({
  run(store: LambdaStore, _input, context) {
    const state = store.regions.in(context.region);
    let bytes = 0;
    for (const { latest, published } of state.functions.values()) {
      for (const { codeSize } of [latest, ...published]) bytes += codeSize;
    }
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: ACCOUNT_CONCURRENCY,
        UnreservedConcurrentExecutions: unreservedConcurrency(state),
      },
      AccountUsage: { TotalCodeSize: bytes, FunctionCount: state.functions.size },
    };
  },
});
