import { AwsError } from '../../../wire/aws-error.js';
import { invalid } from '../dynamodb-errors.js';
import { type BoundUpdate, bindUpdate } from './apply-update.js';
import type { Condition, PathParts, UpdateAction } from './ast.js';
import { bindCondition, type Predicate } from './bind-condition.js';
import type { Bindings } from './bindings.js';
import { conditionPaths } from './condition-paths.js';
import { clashSentence, type DocumentPath } from './document-path.js';
import { parseCondition } from './parse-condition.js';
import { parseProjection, parseUpdate } from './parse-update.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html: an expression takes 4 KB at the most. */
const MOST_BYTES = 4096;
/** Texts whose parsed form is kept; a program has a few, and sends them again and again. */
const MOST_KEPT = 1000;

/** @throws AwsError ValidationException `Invalid FilterExpression: …` */
export const compileCondition = (
  member: 'ConditionExpression' | 'FilterExpression',
  text: string,
  bindings: Bindings,
): Predicate => within(member, text, () => bindCondition(conditions(text), bindings));

/** The paths that a condition names; it has been compiled before. */
export const pathsOfCondition = (text: string, bindings: Bindings): DocumentPath[] =>
  conditionPaths(conditions(text)).map((parts) => bindings.path(parts));

/** @throws AwsError ValidationException `Invalid UpdateExpression: …` */
export const compileUpdate = (text: string, bindings: Bindings): BoundUpdate =>
  within('UpdateExpression', text, () => bindUpdate(updates(text), bindings));

/** @throws AwsError ValidationException `Invalid ProjectionExpression: …` */
export const compileProjection = (text: string, bindings: Bindings): DocumentPath[] =>
  within('ProjectionExpression', text, () => {
    const paths = projections(text).map((parts) => bindings.path(parts));
    const clash = clashSentence(paths);
    if (clash !== undefined) throw invalid(clash);
    return paths;
  });

/** The parsed form of a KeyConditionExpression, for `keyTests`. @throws AwsError ValidationException */
export const parseKeyCondition = (text: string): Condition =>
  within('KeyConditionExpression', text, () => conditions(text));

const conditions = kept(parseCondition);
const updates = kept<UpdateAction[]>(parseUpdate);
const projections = kept<PathParts[]>(parseProjection);

/** What goes wrong is told with the member's name in front. */
export function within<T>(member: string, text: string, compile: () => T): T {
  try {
    if (text.trim() === '') throw invalid('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_BYTES) {
      throw invalid(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    return compile();
  } catch (error) {
    throw error instanceof AwsError ? invalid(`Invalid ${member}: ${error.message}`) : error;
  }
}

/** Remembers the results of the texts that came last. */
function kept<T>(parse: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    let result = results.get(text);
    if (result === undefined) {
      result = parse(text);
      if (results.size >= MOST_KEPT) results.delete(results.keys().next().value ?? '');
      results.set(text, result);
    }
    return result;
  };
}
