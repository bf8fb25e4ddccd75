// The filter-pattern language of CloudWatch Logs: what metric filters, subscription filters, FilterLogEvents and Live Tail take.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

import type { FilterPattern } from './filter-pattern.js';
import { FilterPatternError } from './filter-pattern-error.js';
import { parseJsonPattern } from './json-pattern.js';
import { parseSpaceDelimitedPattern } from './space-delimited-pattern.js';
import { parseTermPattern } from './term-pattern.js';

const MOST_CHARACTERS = 1024;

/**
 * Reads a filter pattern: terms and phrases with `-` and `?`, `%regex%`, `[space, delimited, fields=4*]`, `{ $.json = selectors }`.
 * An empty pattern matches everything.
 * @throws FilterPatternError where AWS would answer InvalidParameterException
 */
export function parseFilterPattern(text: string): FilterPattern {
  if (text.length > MOST_CHARACTERS) {
    throw new FilterPatternError(`it has ${text.length} characters, and ${MOST_CHARACTERS} are allowed`, {
      pattern: `${text.slice(0, 60)}…`,
      position: MOST_CHARACTERS,
    });
  }
  const start = text.search(/\S/);
  if (start === -1) {
    return {
      text,
      kind: 'everything',
      regexCount: 0,
      matches: () => true,
      explain: () => undefined,
      extract: () => ({}),
    };
  }
  if (text[start] === '{') return parseJsonPattern(text);
  if (text[start] === '[') return parseSpaceDelimitedPattern(text);
  return parseTermPattern(text);
}
