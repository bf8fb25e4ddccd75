// The filter-pattern language of CloudWatch Logs: what metric filters, subscription filters, FilterLogEvents and Live Tail take.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
import { FilterPatternError } from './filter-pattern-error.js';
import { parseJsonPattern } from './json-pattern.js';
import type { LogMessage } from './log-message.js';
import { parseSpaceDelimitedPattern } from './space-delimited-pattern.js';
import { parseTermPattern } from './term-pattern.js';

export interface FilterPattern {
  /** The pattern as it was written. */
  readonly text: string;
  readonly kind: 'everything' | 'terms' | 'json' | 'space-delimited';
  /** How many `%regex%` it holds; AWS counts them against quotas. */
  readonly regexCount: number;
  /** What its author probably did not mean, and what to write instead; for people, not for services. */
  readonly advice?: string | undefined;
  /** Whether the message matches. Pass a `LogMessage` to ask several patterns and parse the message's JSON only once. */
  matches(message: string | LogMessage): boolean;
  /** Why the message does not match: the first condition that fails, and what it found. Undefined when it does match. */
  explain(message: string): string | undefined;
  /** The values that the pattern names, as TestMetricFilter gives them: `$.path` for JSON, `$name` for space-delimited patterns. */
  extract(message: string): Record<string, string>;
}

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
