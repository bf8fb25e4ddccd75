import { createHash } from 'node:crypto';
import type { Cors, FunctionUrlConfig } from '@aws-sdk/client-lambda';
import { defineOperation } from '../../define-operation.js';
import type { Answer, OperationContext } from '../../wire/handlers.js';
import { functionArn } from './function-name.js';
import { conflict, invalidParameter, notFound } from './lambda-error.js';
import type { FunctionUrl, LambdaFunction } from './lambda-state.js';
import { findFunction, type LambdaStore, resolveFunction } from './lambda-store.js';
import { paginate } from './paginate.js';

const CONSTRAINTS = {
  AuthType: { enum: ['NONE', 'AWS_IAM'] },
  InvokeMode: { enum: ['BUFFERED', 'RESPONSE_STREAM'] },
};

/** Where a function URL answers: a path, because `*.localhost` does not resolve on every machine. */
export const URL_PATH = '/_pipectl/function-url/';

const describe = (
  store: LambdaStore,
  found: LambdaFunction,
  key: string,
  url: FunctionUrl,
  context: OperationContext,
): Answer<FunctionUrlConfig> => ({
  FunctionUrl: `${store.environment.endpointUrl()}${URL_PATH}${url.id}/`,
  FunctionArn: functionArn(context, found.name, key === '' ? undefined : key),
  AuthType: url.authType,
  InvokeMode: url.invokeMode,
  CreationTime: new Date(url.createdMs).toISOString(),
  LastModifiedTime: new Date(url.modifiedMs).toISOString(),
  ...(url.cors === undefined ? {} : { Cors: url.cors as Answer<Cors> }),
});

function place(store: LambdaStore, name: string, given: string | undefined, context: OperationContext) {
  const { found, qualifier: key = '' } = resolveFunction(store, name, given, context);
  if (/^\d+$|^\$LATEST$/.test(key)) {
    throw invalidParameter('A function URL can be created for a function or an alias, not for a version.');
  }
  const mustHave = (): FunctionUrl => {
    const url = found.urls.get(key);
    if (!url) throw notFound('The resource you requested does not exist.');
    return url;
  };
  return { found, key, mustHave };
}

export const createFunctionUrlConfig = defineOperation('lambda', 'CreateFunctionUrlConfig').as({
  constraints: CONSTRAINTS,
  run(store: LambdaStore, input, context) {
    const { found, key } = place(store, input.FunctionName, input.Qualifier, context);
    if (found.urls.has(key)) throw conflict('FunctionUrlConfig exists for this Lambda function');
    const now = store.environment.clock.now();
    const arn = functionArn(context, found.name, key);
    const url: FunctionUrl = {
      // Like AWS's: 32 letters and digits. The same function gets the same one again.
      id: BigInt(`0x${createHash('sha256').update(arn).digest('hex')}`)
        .toString(36)
        .slice(0, 32)
        .padEnd(32, '0'),
      authType: input.AuthType,
      invokeMode: input.InvokeMode ?? 'BUFFERED',
      cors: input.Cors as Record<string, unknown> | undefined,
      createdMs: now,
      modifiedMs: now,
    };
    found.urls.set(key, url);
    return describe(store, found, key, url, context);
  },
});

export const getFunctionUrlConfig = defineOperation('lambda', 'GetFunctionUrlConfig').as({
  run(store: LambdaStore, input, context) {
    const { found, key, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    return describe(store, found, key, mustHave(), context);
  },
});

export const updateFunctionUrlConfig = defineOperation('lambda', 'UpdateFunctionUrlConfig').as({
  constraints: CONSTRAINTS,
  run(store: LambdaStore, input, context) {
    const { found, key, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    const url = mustHave();
    url.authType = input.AuthType ?? url.authType;
    url.invokeMode = input.InvokeMode ?? url.invokeMode;
    if (input.Cors !== undefined) url.cors = input.Cors as Record<string, unknown>;
    url.modifiedMs = store.environment.clock.now();
    return describe(store, found, key, url, context);
  },
});

export const deleteFunctionUrlConfig = defineOperation('lambda', 'DeleteFunctionUrlConfig').as({
  run(store: LambdaStore, input, context) {
    const { found, key, mustHave } = place(store, input.FunctionName, input.Qualifier, context);
    mustHave();
    found.urls.delete(key);
    return {};
  },
});

export const listFunctionUrlConfigs = defineOperation('lambda', 'ListFunctionUrlConfigs').as({
  run(store: LambdaStore, input, context) {
    const found = findFunction(store, input.FunctionName, context);
    const by = { of: `ListFunctionUrlConfigs ${found.name}`, keyOf: ([key]: [string, FunctionUrl]) => key };
    const { page, ...next } = paginate([...found.urls], input, by);
    return { FunctionUrlConfigs: page.map(([key, url]) => describe(store, found, key, url, context)), ...next };
  },
});

/** The function and qualifier behind a URL's id. */
export function findByUrl(
  store: LambdaStore,
  id: string,
): { found: LambdaFunction; key: string; url: FunctionUrl; region: string } | undefined {
  for (const state of store.regions.all()) {
    for (const found of state.functions.values()) {
      for (const [key, url] of found.urls) if (url.id === id) return { found, key, url, region: state.region };
    }
  }
  return undefined;
}
