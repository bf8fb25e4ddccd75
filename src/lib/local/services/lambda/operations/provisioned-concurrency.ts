import type { GetProvisionedConcurrencyConfigResponse } from '@aws-sdk/client-lambda';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Answer, OperationContext } from '../../../wire/handlers.js';
import { spareConcurrency } from '../account-concurrency.js';
import { lambdaTime } from '../describe-function.js';
import { functionArn } from '../function-name.js';
import { conflict, invalidParameter } from '../lambda-error.js';
import type { LambdaFunction, ProvisionedConcurrency } from '../lambda-state.js';
import { findFunction, type LambdaStore, resolveFunction } from '../lambda-store.js';
import { paginate } from '../paginate.js';

// Kept, counted and shown, and ready the next time anybody asks. No process is started ahead: one starts in less time than AWS takes
// to route an invocation to a warm one.

const describe = ({
  executions,
  modifiedMs,
}: ProvisionedConcurrency): Answer<GetProvisionedConcurrencyConfigResponse> => ({
  RequestedProvisionedConcurrentExecutions: executions,
  AvailableProvisionedConcurrentExecutions: executions,
  AllocatedProvisionedConcurrentExecutions: executions,
  Status: 'READY',
  LastModified: lambdaTime(modifiedMs),
});

/** The function and the version or alias that has, or may get, provisioned concurrency. */
function place(store: LambdaStore, name: string, given: string, context: OperationContext) {
  const { found, qualifier = '$LATEST' } = resolveFunction(store, name, given, context);
  if (qualifier === '$LATEST') {
    throw invalidParameter('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  }
  return { found, qualifier };
}

export const putProvisionedConcurrencyConfig = defineOperation('lambda', 'PutProvisionedConcurrencyConfig').as({
  constraints: { ProvisionedConcurrentExecutions: { range: [1, Number.MAX_SAFE_INTEGER] } },
  run(store: LambdaStore, input, context) {
    const executions = input.ProvisionedConcurrentExecutions;
    const { found, qualifier } = place(store, input.FunctionName, input.Qualifier, context);
    mustBeFree(found, qualifier);
    const others = [...found.provisioned].reduce(
      (sum, [key, { executions: n }]) => sum + (key === qualifier ? 0 : n),
      0,
    );
    if (found.reservedConcurrency !== undefined && others + executions > found.reservedConcurrency) {
      throw invalidParameter(
        'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
      );
    }
    const spare = spareConcurrency(store.regions.in(context.region), found);
    if (found.reservedConcurrency === undefined && others + executions > spare) {
      throw invalidParameter(
        `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${spare}].`,
      );
    }
    const config = { executions, modifiedMs: store.environment.clock.now() };
    found.provisioned.set(qualifier, config);
    return {
      ...describe(config),
      AvailableProvisionedConcurrentExecutions: 0,
      AllocatedProvisionedConcurrentExecutions: 0,
      Status: 'IN_PROGRESS',
    };
  },
});

/** A version has it itself or through one alias, never both. */
function mustBeFree(found: LambdaFunction, qualifier: string): void {
  const alias = found.aliases.get(qualifier);
  if (alias) {
    if (Object.keys(alias.weights).length > 0) {
      throw conflict('Alias with weights can not be used with Provisioned Concurrency');
    }
    if (found.provisioned.has(alias.version)) {
      throw conflict("Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version");
    }
    return;
  }
  for (const { name, version } of found.aliases.values()) {
    if (version === qualifier && found.provisioned.has(name)) {
      throw conflict('Version is pointed by a Provisioned Concurrency alias');
    }
  }
}

export const getProvisionedConcurrencyConfig = defineOperation('lambda', 'GetProvisionedConcurrencyConfig').as({
  run(store: LambdaStore, input, context) {
    const { found, qualifier } = place(store, input.FunctionName, input.Qualifier, context);
    const config = found.provisioned.get(qualifier);
    if (config) return describe(config);
    throw new AwsError(
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
      { status: 404, members: { Type: 'User' } },
    );
  },
});

/** Deleting what is not there succeeds, as on AWS. */
export const deleteProvisionedConcurrencyConfig = defineOperation('lambda', 'DeleteProvisionedConcurrencyConfig').as({
  run(store: LambdaStore, input, context) {
    const { found, qualifier } = place(store, input.FunctionName, input.Qualifier, context);
    found.provisioned.delete(qualifier);
    return {};
  },
});

export const listProvisionedConcurrencyConfigs = defineOperation('lambda', 'ListProvisionedConcurrencyConfigs').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const all = [...found.provisioned].map(([qualifier, config]) => ({
      FunctionArn: functionArn(context, found.name, qualifier),
      ...describe(config),
    }));
    const { page, ...next } = paginate(all, input, {
      of: `ListProvisionedConcurrencyConfigs ${found.name}`,
      keyOf: ({ FunctionArn }) => FunctionArn,
    });
    return { ProvisionedConcurrencyConfigs: page, ...next };
  },
});
