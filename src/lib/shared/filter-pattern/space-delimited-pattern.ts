// `[ip, user, ..., status=4*, bytes > 1000]`: conditions on the fields of a line, by position.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-space-delimited-log-events.html
import { type Expression, takeExpression } from './boolean-expression.js';
import { takeComparison } from './comparison.js';
import type { FilterPattern } from './filter-pattern.js';
import { LogMessage } from './log-message.js';
import { PatternScanner } from './pattern-scanner.js';
import { splitFields } from './split-fields.js';

interface Field {
  /** Empty for a field without a name: values are then numbered by position. */
  name: string;
  condition: Expression<string> | undefined;
}

interface Parsed {
  /** Fields counted from the start of the line. */
  leading: Field[];
  /** Fields counted from its end, after an ellipsis; undefined when there is no ellipsis. */
  trailing: Field[] | undefined;
  regexCount: number;
}

const NAME = /[\p{L}\p{N}_.-]+/uy;
const MOST_REGEXES = 2;

/** @throws FilterPatternError */
export function parseSpaceDelimitedPattern(text: string): FilterPattern {
  const parsed = parse(text);
  const align = (line: string): (string | undefined)[] | undefined => alignFields(parsed, line);
  const conditions = (values: readonly (string | undefined)[]): { condition: Expression<string>; value: string }[] =>
    fieldsOver(parsed, values.length).flatMap((field, index) =>
      field?.condition ? [{ condition: field.condition, value: values[index] ?? '' }] : [],
    );
  const matches = (message: string | LogMessage): boolean => {
    const values = align(LogMessage.of(message).text);
    return values !== undefined && conditions(values).every(({ condition, value }) => condition.test(value));
  };
  return {
    text,
    kind: 'space-delimited',
    regexCount: parsed.regexCount,
    matches,
    explain(message) {
      const values = align(message);
      const wanted = parsed.leading.length + (parsed.trailing?.length ?? 0);
      if (!values) return `the message has ${splitFields(message).length} fields and the pattern needs ${wanted}`;
      const failed = conditions(values).find(({ condition, value }) => !condition.test(value));
      return failed?.condition.explain(failed.value);
    },
    extract(message) {
      const values = align(message) ?? [];
      const fields = fieldsOver(parsed, values.length);
      return Object.fromEntries(
        values.map((value, index) => [`$${fields[index]?.name || index + 1}`, value ?? ''] as const),
      );
    },
  };
}

function parse(text: string): Parsed {
  const start = text.indexOf('[') + 1;
  const end = text.trimEnd().length - 1;
  const scanner = new PatternScanner(text, start, end);
  if (text[end] !== ']' || end < start) {
    throw scanner.error('it starts with [ and does not end with ]', {
      at: Math.max(end, 0),
      awsMessage: "If a filter pattern starts with '[' it must end with ']'",
    });
  }
  const parsed: Parsed = { leading: [], trailing: undefined, regexCount: 0 };
  scanner.skipSpace();
  // `[]` stands for every line, whatever its fields.
  if (scanner.atEnd) return { ...parsed, trailing: [] };
  for (;;) {
    scanner.skipSpace();
    const at = scanner.position;
    if (scanner.take('...')) {
      if (parsed.trailing) throw scanner.error('only one ... is allowed', { at });
      parsed.trailing = [];
    } else {
      (parsed.trailing ?? parsed.leading).push(takeField(scanner, parsed));
    }
    scanner.skipSpace();
    if (scanner.atEnd) break;
    if (!scanner.take(',')) throw scanner.unexpected('Fields are separated by commas.');
  }
  if (parsed.regexCount > MOST_REGEXES) {
    throw scanner.error(`it holds ${parsed.regexCount} regular expressions and ${MOST_REGEXES} are allowed`);
  }
  return parsed;
}

function takeField(scanner: PatternScanner, parsed: Parsed): Field {
  const named = scanner.position;
  const name = scanner.takeMatch(NAME);
  scanner.skipSpace();
  if (scanner.atEnd || scanner.peek() === ',') return { name, condition: undefined };
  scanner.position = named;
  const condition = takeExpression<string>(scanner, () => {
    scanner.skipSpace();
    const from = scanner.position;
    const repeated = scanner.takeMatch(NAME);
    if (repeated === '') throw scanner.unexpected('A condition begins with the name of its field.');
    // AWS's own example writes w1 and W1 for one field; two different fields in one place it refuses.
    if (repeated.toLowerCase() !== name.toLowerCase()) {
      throw scanner.error(`a condition on ${repeated} stands in the place of ${name}`, { at: from });
    }
    scanner.skipSpace();
    const comparison = takeComparison(scanner);
    if (comparison.usesRegex) parsed.regexCount += 1;
    const source = scanner.pattern.slice(from, scanner.position);
    return {
      test: comparison.test,
      explain: (value) => `${source} is false: ${name} is ${JSON.stringify(value)}`,
    };
  });
  return { name, condition };
}

/** Which field of the pattern looks at each of a line's `count` values; undefined for those under an ellipsis. */
function fieldsOver({ leading, trailing }: Parsed, count: number): (Field | undefined)[] {
  if (!trailing) return leading;
  const between = new Array<undefined>(Math.max(0, count - leading.length - trailing.length)).fill(undefined);
  return [...leading, ...between, ...trailing];
}

/** The line's values laid against the pattern's fields; undefined when the line has too few. */
function alignFields({ leading, trailing }: Parsed, line: string): string[] | undefined {
  const fields = splitFields(line);
  if (fields.length < leading.length + (trailing?.length ?? 0)) return undefined;
  if (trailing || fields.length === leading.length) return fields.map((field) => field.value);
  // Without an ellipsis the last field takes the rest of the line: that is how AWS's own pattern for Lambda's log,
  // `[timestamp=*Z, request_id="*-*", event]`, finds a message of many words in `event`.
  const last = leading.length - 1;
  const rest = line.slice(fields[last]?.start ?? 0).trimEnd();
  return [...fields.slice(0, last).map((field) => field.value), rest];
}
