import type { CodeStore } from '../../functions/code-store.js';
import type { perRegion, ServiceEnvironment } from '../../service.js';
import type { OperationContext } from '../../wire/handlers.js';
import { functionArn, parseFunctionName } from './function-name.js';
import { functionNotFound } from './lambda-error.js';
import type { FunctionVersion, LambdaFunction, LambdaState } from './lambda-state.js';

/** What every operation works on. */
export interface LambdaStore {
  environment: ServiceEnvironment;
  regions: ReturnType<typeof perRegion<LambdaState>>;
  code: CodeStore;
  /** Where a client may fetch a package as it was uploaded. */
  codeUrl(sha256: string): string;
  /** Lets go of the processes of a function whose code, configuration or existence changed. */
  retire(arn: string, version?: string): void;
}

/** A version that a name and qualifier lead to. */
export interface Resolved {
  found: LambdaFunction;
  version: FunctionVersion;
  /** As given: a version, an alias, or none. */
  qualifier: string | undefined;
  /** Unqualified. */
  arn: string;
}

/** The function of that name, whatever its qualifier. @throws AwsError ResourceNotFoundException */
export function findFunction(store: LambdaStore, name: string, context: OperationContext): LambdaFunction {
  const reference = parseFunctionName(name, context);
  const found = store.regions.in(context.region).functions.get(reference.name);
  if (!found) throw functionNotFound(functionArn(context, reference.name));
  return found;
}

/**
 * The version that a name and a qualifier lead to; `$LATEST` without one. An alias leads to its main version.
 * @throws AwsError ResourceNotFoundException
 */
export function resolveFunction(
  store: LambdaStore,
  name: string,
  qualifier: string | undefined,
  context: OperationContext,
): Resolved {
  const reference = parseFunctionName(name, context, qualifier);
  const missing = functionArn(context, reference.name, reference.qualifier);
  const found = store.regions.in(context.region).functions.get(reference.name);
  if (!found) throw functionNotFound(missing);
  const version = findVersion(found, reference.qualifier);
  if (!version) throw functionNotFound(missing);
  const arn = functionArn(context, found.name);
  return { found, version, qualifier: reference.qualifier, arn };
}

/** The version behind a qualifier: a number, an alias, `$LATEST` or none. */
export function findVersion(found: LambdaFunction, qualifier: string | undefined): FunctionVersion | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return found.latest;
  const number = found.aliases.get(qualifier)?.version ?? qualifier;
  return number === '$LATEST' ? found.latest : found.published.find(({ version }) => version === number);
}
