import type { Handler } from '../../wire/handlers.js';
import { describeFunction } from './describe-function.js';
import { functionArn } from './function-name.js';
import { findFunction, type LambdaStore, resolveFunction } from './lambda-store.js';
import { paginate } from './paginate.js';

export function getFunction(store: LambdaStore): Handler<'lambda', 'GetFunction'> {
  return (input, context) => {
    const { found, version, qualifier, arn } = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    return {
      Configuration: describeFunction(found.name, qualifier === undefined ? arn : `${arn}:${qualifier}`, version),
      Code: { RepositoryType: 'S3', Location: store.codeUrl(version.codeSha256) },
      ...(found.tags.size === 0 ? {} : { Tags: Object.fromEntries(found.tags) }),
      ...(found.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: found.reservedConcurrency } }),
    };
  };
}

export function getFunctionConfiguration(store: LambdaStore): Handler<'lambda', 'GetFunctionConfiguration'> {
  return (input, context) => {
    const { found, version, qualifier, arn } = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    return describeFunction(found.name, qualifier === undefined ? arn : `${arn}:${qualifier}`, version);
  };
}

export function listFunctions(store: LambdaStore): Handler<'lambda', 'ListFunctions'> {
  return (input, context) => {
    const functions = [...store.regions.in(context.region).functions.values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const arnOf = (name: string, qualifier: string): string =>
      functionArn(context.region, context.accountId, name, qualifier);
    const all = functions.flatMap((found) =>
      input.FunctionVersion === 'ALL'
        ? [found.latest, ...found.published].map((version) =>
            describeFunction(found.name, arnOf(found.name, version.version), version),
          )
        : [describeFunction(found.name, functionArn(context.region, context.accountId, found.name), found.latest)],
    );
    const { page, ...next } = paginate(all, input.Marker, input.MaxItems);
    return { Functions: page, ...next };
  };
}

export function listVersionsByFunction(store: LambdaStore): Handler<'lambda', 'ListVersionsByFunction'> {
  return (input, context) => {
    const found = findFunction(store, input.FunctionName, context);
    const all = [found.latest, ...found.published].map((version) =>
      describeFunction(
        found.name,
        functionArn(context.region, context.accountId, found.name, version.version),
        version,
      ),
    );
    const { page, ...next } = paginate(all, input.Marker, input.MaxItems);
    return { Versions: page, ...next };
  };
}
