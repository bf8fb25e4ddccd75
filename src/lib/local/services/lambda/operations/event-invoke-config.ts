import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { defineOperation } from '../../../define-operation.js';
import type { Answer, OperationContext } from '../../../wire/handlers.js';
import { validate } from '../../../wire/validate.js';
import { checkDestination, ON_FAILURE, ON_SUCCESS } from '../destinations.js';
import { functionArn } from '../function-name.js';
import { invalidParameter, notFound } from '../lambda-error.js';
import type { AsyncConfig } from '../lambda-state.js';
import { findFunction, type LambdaStore, resolveFunction } from '../lambda-store.js';
import { paginate } from '../paginate.js';

const CONSTRAINTS = {
  MaximumRetryAttempts: { range: [0, 2] as const },
  MaximumEventAgeInSeconds: { range: [60, 21_600] as const },
};

interface Given {
  MaximumRetryAttempts?: number | undefined;
  MaximumEventAgeInSeconds?: number | undefined;
  DestinationConfig?:
    | {
        OnSuccess?: { Destination?: string | undefined } | undefined;
        OnFailure?: { Destination?: string | undefined } | undefined;
      }
    | undefined;
}

function read(store: LambdaStore, input: Given, before: AsyncConfig | undefined): AsyncConfig {
  validate(input, CONSTRAINTS);
  const { DestinationConfig: destinations } = input;
  if (
    input.MaximumRetryAttempts === undefined &&
    input.MaximumEventAgeInSeconds === undefined &&
    destinations === undefined
  ) {
    throw invalidParameter('You must specify at least one of error handling or destination setting.');
  }
  const { Destination: onSuccess } = destinations?.OnSuccess ?? {};
  const { Destination: onFailure } = destinations?.OnFailure ?? {};
  return {
    maximumRetryAttempts: input.MaximumRetryAttempts ?? before?.maximumRetryAttempts,
    maximumEventAgeSeconds: input.MaximumEventAgeInSeconds ?? before?.maximumEventAgeSeconds,
    onSuccess: destinations?.OnSuccess === undefined ? before?.onSuccess : onSuccess || undefined,
    onFailure: destinations?.OnFailure === undefined ? before?.onFailure : onFailure || undefined,
    modifiedMs: store.environment.clock.now(),
  };
}

const describe = (arn: string, config: AsyncConfig): Answer<FunctionEventInvokeConfig> => ({
  FunctionArn: arn,
  LastModified: new Date(config.modifiedMs),
  ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
  ...(config.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});

async function checkDestinations(store: LambdaStore, { DestinationConfig: given }: Given): Promise<void> {
  await checkDestination(store.environment, given?.OnSuccess?.Destination, ON_SUCCESS);
  await checkDestination(store.environment, given?.OnFailure?.Destination, ON_FAILURE);
}

/** The function, the key its configuration is kept under, and the ARN shown with it. */
function place(store: LambdaStore, name: string, given: string | undefined, context: OperationContext) {
  const { found, qualifier = '$LATEST' } = resolveFunction(store, name, given, context);
  const arn = functionArn(context, found.name, qualifier);
  const mustHave = (): AsyncConfig => {
    const config = found.asyncConfigs.get(qualifier);
    if (!config) throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
    return config;
  };
  return { found, qualifier, arn, mustHave };
}

export const putFunctionEventInvokeConfig = defineOperation('lambda', 'PutFunctionEventInvokeConfig').as({
  async run(store: LambdaStore, input, context) {
    await checkDestinations(store, input);
    const { found, qualifier, arn } = place(store, input.FunctionName, input.Qualifier, context);
    const config = read(store, input, undefined);
    found.asyncConfigs.set(qualifier, config);
    return describe(arn, config);
  },
});

export const updateFunctionEventInvokeConfig = defineOperation('lambda', 'UpdateFunctionEventInvokeConfig').as({
  async run(store: LambdaStore, input, context) {
    await checkDestinations(store, input);
    const { found, qualifier, arn, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    const config = read(store, input, mustHave());
    found.asyncConfigs.set(qualifier, config);
    return describe(arn, config);
  },
});

export const getFunctionEventInvokeConfig = defineOperation('lambda', 'GetFunctionEventInvokeConfig').as({
  run(store: LambdaStore, input, context) {
    const { arn, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    return describe(arn, mustHave());
  },
});

export const deleteFunctionEventInvokeConfig = defineOperation('lambda', 'DeleteFunctionEventInvokeConfig').as({
  run(store: LambdaStore, input, context) {
    const { found, qualifier, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    mustHave();
    found.asyncConfigs.delete(qualifier);
    return {};
  },
});

export const listFunctionEventInvokeConfigs = defineOperation('lambda', 'ListFunctionEventInvokeConfigs').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const all = [...found.asyncConfigs].map(([qualifier, config]) =>
      describe(functionArn(context, found.name, qualifier), config),
    );
    const { page, ...next } = paginate(all, input, {
      of: `ListFunctionEventInvokeConfigs ${found.name}`,
      keyOf: ({ FunctionArn }) => FunctionArn ?? '',
    });
    return { FunctionEventInvokeConfigs: page, ...next };
  },
});
