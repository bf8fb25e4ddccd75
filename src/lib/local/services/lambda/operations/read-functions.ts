import { defineOperation } from '../../../define-operation.js';

import { numberKey } from '../../../kit/page.js';
import { describeFunction } from '../describe-function.js';
import { functionArn } from '../function-name.js';
import type { FunctionVersion, LambdaFunction } from '../lambda-state.js';
import { findFunction, type LambdaStore, resolveFunction } from '../lambda-store.js';
import { paginate } from '../paginate.js';

export const getFunction = defineOperation('lambda', 'GetFunction').as({
  run(store: LambdaStore, input, context) {
    const { found, version, qualifier, arn } = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    return {
      Configuration: describeFunction(found.name, qualifier === undefined ? arn : `${arn}:${qualifier}`, version),
      Code: { RepositoryType: 'S3', Location: store.codeUrl(version.codeSha256) },
      ...(found.tags.size === 0 ? {} : { Tags: Object.fromEntries(found.tags) }),
      ...(found.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: found.reservedConcurrency } }),
    };
  },
});

export const getFunctionConfiguration = defineOperation('lambda', 'GetFunctionConfiguration').as({
  run(store: LambdaStore, input, context) {
    const { found, version, qualifier, arn } = resolveFunction(store, input.FunctionName, input.Qualifier, context);
    return describeFunction(found.name, qualifier === undefined ? arn : `${arn}:${qualifier}`, version);
  },
});

export const listFunctions = defineOperation('lambda', 'ListFunctions').as({
  run(store: LambdaStore, input, context) {
    const functions = [...store.regions.in(context.region).functions.values()];
    const all: { found: LambdaFunction; version: FunctionVersion; qualifier: string | undefined }[] =
      input.FunctionVersion === 'ALL'
        ? functions.flatMap((found) =>
            versionsOf(found).map((version) => ({ found, version, qualifier: version.version })),
          )
        : functions.map((found) => ({ found, version: found.latest, qualifier: undefined }));
    const { page, ...next } = paginate(all, input, {
      of: 'ListFunctions',
      keyOf: ({ found, version }) => `${found.name} ${versionKey(version)}`,
    });
    const Functions = page.map(({ found, version, qualifier }) =>
      describeFunction(found.name, functionArn(context, found.name, qualifier), version),
    );
    return { Functions, ...next };
  },
});

export const listVersionsByFunction = defineOperation('lambda', 'ListVersionsByFunction').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const { page, ...next } = paginate(versionsOf(found), input, {
      of: `ListVersionsByFunction ${found.name}`,
      keyOf: versionKey,
    });
    const Versions = page.map((version) =>
      describeFunction(found.name, functionArn(context, found.name, version.version), version),
    );
    return { Versions, ...next };
  },
});

const versionsOf = ({ latest, published }: LambdaFunction): FunctionVersion[] => [latest, ...published];

/** `$LATEST` comes first. */
const versionKey = ({ version }: FunctionVersion): string => numberKey(version === '$LATEST' ? 0 : Number(version));
