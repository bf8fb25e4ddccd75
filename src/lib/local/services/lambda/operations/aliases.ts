import { randomUUID } from 'node:crypto';
import type { AliasConfiguration, AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import { defineOperation } from '../../../define-operation.js';
import type { Answer, OperationContext } from '../../../wire/handlers.js';
import { functionArn } from '../function-name.js';
import { conflict, functionNotFound, invalidParameter, notFound, staleRevision } from '../lambda-error.js';
import type { Alias, LambdaFunction } from '../lambda-state.js';
import { findFunction, findVersion, type LambdaStore } from '../lambda-store.js';
import { paginate } from '../paginate.js';

const ALIAS_NAME = { Name: { min: 1, max: 128, pattern: '(?!^[0-9]+$)([a-zA-Z0-9-_]+)' }, Description: { max: 256 } };

const describe = (found: LambdaFunction, alias: Alias, context: OperationContext): Answer<AliasConfiguration> => ({
  AliasArn: functionArn(context, found.name, alias.name),
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: alias.weights } }),
});

function findAlias(found: LambdaFunction, name: string, context: OperationContext): Alias {
  const alias = found.aliases.get(name);
  if (!alias) throw notFound(`Cannot find alias arn: ${functionArn(context, found.name, name)}`);
  return alias;
}

function checkVersion(found: LambdaFunction, version: string, context: OperationContext): void {
  // An alias cannot lead to another alias, so the name of one is no version here.
  if (!found.aliases.has(version) && findVersion(found, version)) return;
  throw functionNotFound(functionArn(context, found.name, version));
}

function readWeights(
  found: LambdaFunction,
  version: string,
  routing: { AdditionalVersionWeights?: Record<string, number | undefined> | undefined } | undefined,
  context: OperationContext,
): Record<string, number> {
  const weights = (routing?.AdditionalVersionWeights ?? {}) as NonNullable<
    AliasRoutingConfiguration['AdditionalVersionWeights']
  >;
  const entries = Object.entries(weights);
  if (entries.length > 1)
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const [other, weight] of entries) {
    checkVersion(found, other, context);
    if (other === version) {
      throw invalidParameter(
        `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
      );
    }
    if (version === '$LATEST' || other === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (!(weight >= 0 && weight <= 1))
      throw invalidParameter(`The weight of version ${other} must be between 0 and 1.`);
  }
  return weights;
}

export const createAlias = defineOperation('lambda', 'CreateAlias').as({
  constraints: ALIAS_NAME,
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    if (found.aliases.has(input.Name)) {
      throw conflict(`Alias already exists: ${functionArn(context, found.name, input.Name)}`);
    }
    checkVersion(found, input.FunctionVersion, context);
    const alias: Alias = {
      name: input.Name,
      version: input.FunctionVersion,
      description: input.Description ?? '',
      weights: readWeights(found, input.FunctionVersion, input.RoutingConfig, context),
      revisionId: randomUUID(),
    };
    found.aliases.set(alias.name, alias);
    return describe(found, alias, context);
  },
});

export const getAlias = defineOperation('lambda', 'GetAlias').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    return describe(found, findAlias(found, input.Name, context), context);
  },
});

export const listAliases = defineOperation('lambda', 'ListAliases').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const aliases = [...found.aliases.values()].filter(
      ({ version }) => input.FunctionVersion === undefined || version === input.FunctionVersion,
    );
    const { page, ...next } = paginate(aliases, input, { of: `ListAliases ${found.name}`, keyOf: ({ name }) => name });
    return { Aliases: page.map((alias) => describe(found, alias, context)), ...next };
  },
});

export const updateAlias = defineOperation('lambda', 'UpdateAlias').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const alias = findAlias(found, input.Name, context);
    if (input.RevisionId !== undefined && input.RevisionId !== alias.revisionId) throw staleRevision();
    const version = input.FunctionVersion ?? alias.version;
    checkVersion(found, version, context);
    const changed: Alias = {
      ...alias,
      version,
      description: input.Description ?? alias.description,
      weights: readWeights(found, version, input.RoutingConfig ?? { AdditionalVersionWeights: alias.weights }, context),
      revisionId: randomUUID(),
    };
    found.aliases.set(alias.name, changed);
    return describe(found, changed, context);
  },
});

/** Deleting what is not there succeeds, as on AWS. */
export const deleteAlias = defineOperation('lambda', 'DeleteAlias').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    found.aliases.delete(input.Name);
    for (const kept of [found.policies, found.urls, found.asyncConfigs, found.provisioned]) kept.delete(input.Name);
    return {};
  },
});
