// `{ $.event_class = * && $.latency > 50 }`: conditions on the properties of a JSON message.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
import { stringifyExact, unmarked } from '../exact-numbers.js';
import { type Expression, takeExpression } from './boolean-expression.js';
import { takeComparison } from './comparison.js';
import type { FilterPattern } from './filter-pattern.js';
import { readSelector, type Selector, takeSelector } from './json-selector.js';
import { LogMessage } from './log-message.js';
import { PatternScanner } from './pattern-scanner.js';

const WORD = /[A-Za-z]+/y;
const MOST_REGEXES = 2;
const MOST_WILDCARD_SELECTORS = 3;

interface Found {
  selectors: Selector[];
  regexCount: number;
}

/** @throws FilterPatternError */
export function parseJsonPattern(text: string): FilterPattern {
  const start = text.indexOf('{') + 1;
  const end = text.trimEnd().length - 1;
  const scanner = new PatternScanner(text, start, end);
  if (text[end] !== '}' || end < start) {
    throw scanner.error('it starts with { and does not end with }', {
      at: Math.max(end, 0),
      awsMessage: "If a filter pattern starts with '{' it must end with '}'",
    });
  }
  const found: Found = { selectors: [], regexCount: 0 };
  const expression = takeExpression(scanner, () => takeCondition(scanner, found));
  scanner.skipSpace();
  if (!scanner.atEnd) throw scanner.unexpected('Join conditions with && or ||.');
  checkQuotas(scanner, found);

  const matches = (message: string | LogMessage): boolean => {
    const json = LogMessage.of(message).json();
    return json !== undefined && expression.test(json);
  };
  return {
    text,
    kind: 'json',
    regexCount: found.regexCount,
    matches,
    explain(message) {
      const json = new LogMessage(message).json();
      if (json === undefined) return 'the message is not JSON';
      return expression.test(json) ? undefined : expression.explain(json);
    },
    extract(message) {
      const json = new LogMessage(message).json();
      const values: Record<string, string> = {};
      for (const selector of found.selectors) {
        const [value] = readSelector(selector, json);
        if (value !== undefined)
          values[selector.text] = typeof value === 'string' ? unmarked(value) : stringifyExact(value);
      }
      return values;
    },
  };
}

function checkQuotas(scanner: PatternScanner, found: Found): void {
  if (found.regexCount > MOST_REGEXES) {
    throw scanner.error(`it holds ${found.regexCount} regular expressions and ${MOST_REGEXES} are allowed`);
  }
  const wild = found.selectors.filter((selector) => selector.wild).length;
  if (wild > MOST_WILDCARD_SELECTORS) {
    throw scanner.error(`it holds ${wild} wildcard selectors and ${MOST_WILDCARD_SELECTORS} are allowed`);
  }
}

function takeCondition(scanner: PatternScanner, found: Found): Expression<unknown> {
  scanner.skipSpace();
  const from = scanner.position;
  const selector = takeSelector(scanner);
  found.selectors.push(selector);
  scanner.skipSpace();
  const test = takeTest(scanner, found);
  const source = scanner.pattern.slice(from, scanner.position);
  return {
    test: (json) => test(readSelector(selector, json)),
    explain: (json) => `${source} is false: ${describe(selector, readSelector(selector, json))}`,
  };
}

/** What follows a selector: a comparison, `IS NULL|TRUE|FALSE` or `NOT EXISTS`; answers a test over the values selected. */
function takeTest(scanner: PatternScanner, found: Found): (values: readonly unknown[]) => boolean {
  const at = scanner.position;
  const word = scanner.takeMatch(WORD).toUpperCase();
  if (word === '') {
    const comparison = takeComparison(scanner);
    if (comparison.usesRegex) found.regexCount += 1;
    return (values) => values.some((value) => isScalar(value) && comparison.test(value));
  }
  scanner.skipSpace();
  const second = scanner.takeMatch(WORD).toUpperCase();
  if (word === 'NOT' && second === 'EXISTS') return (values) => values.length === 0;
  if (word === 'IS' && second === 'NULL') return (values) => values.includes(null);
  if (word === 'IS' && second === 'TRUE') return (values) => values.includes(true);
  if (word === 'IS' && second === 'FALSE') return (values) => values.includes(false);
  if (word === 'EXISTS' || (word === 'IS' && second === 'NOT')) {
    throw scanner.error(`AWS has no ${word === 'EXISTS' ? 'EXISTS' : 'IS NOT'}`, {
      at,
      hint:
        word === 'EXISTS' ? 'Write = * for a field that is there, NOT EXISTS for one that is not.' : 'Use != instead.',
    });
  }
  throw scanner.error(`unknown operator ${`${word} ${second}`.trim()}`, {
    at,
    hint: 'There are = != < > <= >=, IS NULL, IS TRUE, IS FALSE and NOT EXISTS.',
  });
}

/** Comparisons see strings, numbers and booleans. Where a selector points to an object, an array or null, none of them holds, `!=` included. */
const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function describe(selector: Selector, values: readonly unknown[]): string {
  if (values.length === 0) return `the line has no ${selector.text.replace(/^\$\.?/, '')}`;
  const shown = values.slice(0, 3).map((value) => {
    const text = stringifyExact(value);
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  });
  return `${selector.text} is ${shown.join(', ')}${values.length > 3 ? ', …' : ''}`;
}
