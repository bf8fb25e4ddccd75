import { RowError, SqlError } from '../sql-error.js';
import { VARCHAR, type Value } from '../types/sql-type.js';
import { compileFastRegex } from './fast-regex.js';
import { logColumns, logRow } from './log-row.js';
import { type FunctionCall, type ScalarFunction, strict } from './scalar-function.js';
import { matching, PatternCache } from './user-regex.js';

const patterns = new PatternCache();

/** Functions with a regular expression of Java's syntax (SQL Reference, "REGEX_REPLACE", "REGEX_LOG_PARSE"). */
export const REGEX_FUNCTIONS: Record<string, ScalarFunction> = {
  REGEX_REPLACE: strict(['text', 'text', 'text', 'number', 'number'], VARCHAR, replace, 3),
  REGEX_LOG_PARSE: { least: 2, most: 3, families: ['text'], bind: bindRegexLogParse },
  FAST_REGEX_LOG_PARSE: { least: 2, most: 3, families: ['text'], bind: bindFastRegex },
  // The reference's page has this name, and its text the other.
  FAST_REGEX_LOG_PARSER: { least: 2, most: 3, families: ['text'], bind: bindFastRegex },
};

/** Replaces from a position on, counted from 1, the occurrence of a number, or all of them for 0. */
function replace([text, pattern, put, from, occurrence]: readonly NonNullable<Value>[]): string {
  const source = String(text);
  const start = Number(from ?? 1) - 1;
  const wanted = Number(occurrence ?? 0);
  if (start < 0 || wanted < 0)
    throw new RowError('InvalidArgument', 'REGEX_REPLACE counts positions from 1, and occurrences from 0.');
  if (start > source.length) return source;
  const compiled = patterns.get(String(pattern));
  const found = matching(() => compiled.findAll(source.slice(start)));
  const chosen = wanted === 0 ? found : found.slice(wanted - 1, wanted);
  let result = source.slice(0, start);
  let at = start;
  for (const match of chosen) {
    result += source.slice(at, start + match.index) + expanded(String(put), match);
    at = start + match.index + match[0].length;
  }
  return result + source.slice(at);
}

/** `$1` stands for a group, a backslash for the character behind it. */
function expanded(put: string, match: RegExpExecArray): string {
  return put.replaceAll(/\\([\s\S])|\$(\d)/g, (_, escaped: string | undefined, group: string | undefined) =>
    group === undefined ? (escaped ?? '') : (match[Number(group)] ?? ''),
  );
}

/** One column for each group; the third argument names them and says their types. Null where the text does not match. */
function bindRegexLogParse({
  name,
  at,
  values: [text, pattern, columns],
}: FunctionCall): ReturnType<ScalarFunction['bind']> {
  const source = pattern?.constant?.value;
  if (!text || typeof source !== 'string')
    throw new SqlError(`${name} needs a pattern that is the same for every row.`, at);
  const compiled = patterns.get(source);
  const groups = matching(() => new RegExp(`${source.replace(/^\(\?[ims]+\)/, '')}|`).exec('')?.length ?? 1) - 1;
  const fields = logColumns(columns, groups, name, at);
  return logRow(text, fields, (line) => {
    const found = matching(() => compiled.groupsOf(line));
    return found?.map((group) => group ?? null);
  });
}

function bindFastRegex({
  name,
  at,
  values: [text, pattern, columns],
}: FunctionCall): ReturnType<ScalarFunction['bind']> {
  const source = pattern?.constant?.value;
  if (!text || typeof source !== 'string')
    throw new SqlError(`${name} needs a pattern that is the same for every row.`, at);
  try {
    const compiled = compileFastRegex(source);
    return logRow(text, logColumns(columns, compiled.groupCount, name, at), (line) => compiled.match(line));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new SqlError(`'${source}' is not a valid pattern of ${name}: ${error.message}.`, at);
    throw error;
  }
}
