// `ERROR -"timed out"`, `?WARN ?ERROR`, `%4\d\d%`: terms that a message holds, anywhere in its text.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
import type { FilterPattern } from './filter-pattern.js';
import { LogMessage } from './log-message.js';
import { PatternScanner } from './pattern-scanner.js';
import { takeRegex } from './regex-term.js';

interface Term {
  source: string;
  isRegex: boolean;
  isIn(text: string): boolean;
}

const WORD = /[\p{L}\p{N}_.]+/uy;

/** @throws FilterPatternError */
export function parseTermPattern(text: string): FilterPattern {
  const scanner = new PatternScanner(text);
  const required: Term[] = [];
  const excluded: Term[] = [];
  const optional: Term[] = [];
  let hyphenated: number | undefined;
  for (scanner.skipSpace(); !scanner.atEnd; scanner.skipSpace()) {
    const into = scanner.take('-') ? excluded : scanner.take('?') ? optional : required;
    into.push(takeTerm(scanner));
    // AWS takes a hyphen inside a word for the minus of an exclusion: `request-id-7` without quotes finds nothing.
    // https://github.com/cloudashdev/cloudash/issues/84, https://github.com/jorgebastida/awslogs/issues/381
    if (scanner.peek() === '-') hyphenated ??= scanner.position;
    else if (!scanner.atEnd && !/\s/.test(scanner.peek())) throw scanner.unexpected();
  }
  // "If you combine ? with other patterns, the question mark is ignored", so AWS's documentation.
  const anyOf = required.length + excluded.length === 0 ? optional : [];

  const matches = (message: string | LogMessage): boolean => {
    const { text: line } = LogMessage.of(message);
    return (
      required.every((term) => term.isIn(line)) &&
      !excluded.some((term) => term.isIn(line)) &&
      (anyOf.length === 0 || anyOf.some((term) => term.isIn(line)))
    );
  };
  return {
    text,
    kind: 'terms',
    advice: hyphenated === undefined ? undefined : adviceOnHyphen(text, hyphenated),
    regexCount: [...required, ...excluded, ...optional].filter((term) => term.isRegex).length,
    matches,
    explain(message) {
      if (matches(message)) return undefined;
      const missing = required.find((term) => !term.isIn(message));
      if (missing) return `${missing.source} is not in the message`;
      const unwanted = excluded.find((term) => term.isIn(message));
      if (unwanted) return `${unwanted.source} is in the message, and the pattern excludes it`;
      return `none of ${anyOf.map((term) => term.source).join(', ')} is in the message`;
    },
    extract: () => ({}),
  };
}

function adviceOnHyphen(pattern: string, position: number): string {
  const from = pattern.lastIndexOf(' ', position) + 1;
  const [word = ''] = pattern.slice(from).split(' ');
  return `The hyphen in ${word} excludes what comes after it, as on AWS; in double quotes it is a hyphen: "${word}".`;
}

function takeTerm(scanner: PatternScanner): Term {
  const from = scanner.position;
  const source = (): string => scanner.pattern.slice(from, scanner.position);
  if (scanner.peek() === '%') {
    const regex = takeRegex(scanner);
    return { source: source(), isRegex: true, isIn: (text) => regex.test(text) };
  }
  if (scanner.peek() === '"') {
    const phrase = scanner.takeQuoted();
    if (phrase === '') {
      throw scanner.error('"" holds nothing to look for', {
        at: from,
        awsMessage: `Invalid character(s) in term '""'`,
        hint: 'Leave the pattern empty, or write " ", to match everything.',
      });
    }
    // AWS documents `" "` as the pattern that matches everything.
    const isIn = phrase.trim() === '' ? () => true : (text: string) => text.includes(phrase);
    return { source: source(), isRegex: false, isIn };
  }
  const word = scanner.takeMatch(WORD);
  if (word === '') throw scanner.unexpected();
  return { source: word, isRegex: false, isIn: (text) => text.includes(word) };
}
