import { SqlError } from '../sql-error.js';
import type { Value } from '../types/sql-type.js';
import { logColumns, logRow, numberedColumns } from './log-row.js';
import type { FunctionCall, ScalarFunction } from './scalar-function.js';
import { parsePattern } from './simple-date-format.js';
import { matching, PatternCache } from './user-regex.js';

const patterns = new PatternCache();

/** Functions that split log lines into columns (SQL Reference, "Log Parsing Functions"). */
export const LOG_FUNCTIONS: Record<string, ScalarFunction> = {
  W3C_LOG_PARSE: { least: 2, most: 2, families: ['text'], bind: bindW3c },
  SYS_LOG_PARSE: { least: 1, most: 1, families: ['text'], bind: bindSyslog },
  VARIABLE_COLUMN_LOG_PARSE: {
    least: 3,
    most: 5,
    families: ['text', 'any', 'text', 'text', 'text'],
    bind: bindVariable,
  },
  FIXED_COLUMN_LOG_PARSE: { least: 2, most: 2, families: ['text'], bind: bindFixed },
};

/** SQL Reference, "W3C_LOG_PARSE": the predefined formats. */
const W3C_FORMATS: Record<string, string> = {
  COMMON: '%h %l %u %t "%r" %>s %b',
  'COMMON WITH VHOST': '%v %h %l %u %t "%r" %>s %b',
  'NCSA EXTENDED': '%h %l %u %t "%r" %>s %b "%[Referer]i" "%[User-agent]i"',
  REFERER: '%[Referer]i ---> %U',
  AGENT: '%[User-agent]i',
};
const SPECIFIER = /%[!<>\d,]*(?:\[[^\]]*\]|\{[^}]*\})?[A-Za-z]/g;

function bindW3c({ name, at, values: [text, format], run }: FunctionCall): ReturnType<ScalarFunction['bind']> {
  const given = format?.constant?.value;
  if (!text || typeof given !== 'string')
    throw new SqlError(`${name} needs a format that is the same for every row.`, at);
  if (given === 'IIS')
    throw new SqlError(`the format IIS of ${name} is not supported.`, at, 'Write its specifiers instead.');
  const layout = (W3C_FORMATS[given] ?? given).replaceAll('\\"', '"');
  const specifiers = layout.match(SPECIFIER) ?? [];
  if (specifiers.length === 0)
    throw new SqlError(
      `'${given}' has no format specifier.`,
      at,
      `Use ${Object.keys(W3C_FORMATS).join(', ')}, or specifiers such as %h.`,
    );
  const pattern = patterns.get(w3cPattern(layout));
  return logRow(
    text,
    numberedColumns(specifiers.length),
    (line) => matching(() => pattern.groupsOf(line))?.map((cell) => cell ?? null),
    run,
  );
}

/** Text between specifiers stands for itself; a specifier in quotes or brackets ends with them. */
function w3cPattern(layout: string): string {
  let source = '';
  let at = 0;
  for (const found of layout.matchAll(SPECIFIER)) {
    const before = layout.slice(at, found.index);
    at = found.index + found[0].length;
    source += before.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const last = at === layout.length;
    if (before.endsWith('"')) source += '((?:[^"\\\\]|\\\\.)*)';
    else if (before.endsWith('[')) source += '([^\\]]*)';
    else if (found[0].endsWith('t')) source += '(\\[[^\\]]*\\])';
    else source += last ? '(.*)' : '(\\S*)';
  }
  return source + layout.slice(at).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** `Mon DD HH:MM:SS server message`: the time, of this year, and the rest. */
function bindSyslog({ values: [text], run }: FunctionCall): ReturnType<ScalarFunction['bind']> {
  const columns = [
    { name: 'COLUMN1', type: { name: 'TIMESTAMP' as const } },
    { name: 'COLUMN2', type: { name: 'VARCHAR' as const, precision: 1024 } },
  ];
  if (!text) throw new Error('the number of arguments is checked before');
  return logRow(
    text,
    columns,
    (line, now) => {
      const [, time, rest = ''] = /^([A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}) (.*)$/s.exec(line) ?? [];
      const ms =
        time === undefined
          ? undefined
          : parsePattern('yyyy MMM d HH:mm:ss', `${new Date(now).getUTCFullYear()} ${time.replace(/ {2}/, ' ')}`);
      return ms === undefined ? undefined : [ms, rest];
    },
    run,
  );
}

function bindVariable({ name, at, values, run }: FunctionCall): ReturnType<ScalarFunction['bind']> {
  const [text, columns, ...others] = values;
  const [delimiter, escapeChar, quotes] = others.map((other) => other.constant?.value);
  if (
    !text ||
    !columns?.constant ||
    typeof delimiter !== 'string' ||
    delimiter === '' ||
    others.some((other) => !other.constant)
  ) {
    throw new SqlError(`${name} needs columns, a delimiter, an escape and quotes that are the same for every row.`, at);
  }
  const count = columns.constant.value;
  const fields = typeof count === 'number' ? numberedColumns(count) : logColumns(columns, 0, name, at);
  const marks = { delimiter, escapeChar: String(escapeChar ?? ''), quotes: String(quotes ?? '') };
  return logRow(text, fields, (line) => splitLine(line, marks), run);
}

/** Splits at the delimiter, but not behind an escape, nor inside quotes. */
function splitLine(
  line: string,
  { delimiter, escapeChar, quotes }: { delimiter: string; escapeChar: string; quotes: string },
): string[] {
  const cells: string[] = [];
  const [open, close] = [quotes.charAt(0), quotes.charAt(1) || quotes.charAt(0)];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (escapeChar !== '' && line.startsWith(escapeChar, at) && at + escapeChar.length < line.length) {
      at += escapeChar.length;
      cell += line.charAt(at);
    } else if (quoted) {
      // The opening quote may also close.
      if (char === close || char === open) quoted = false;
      else cell += char;
    } else if (open !== '' && char === open) quoted = true;
    else if (line.startsWith(delimiter, at)) {
      cells.push(cell);
      cell = '';
      at += delimiter.length - 1;
    } else cell += char;
  }
  return [...cells, cell];
}

function bindFixed({ name, at, values: [text, columns], run }: FunctionCall): ReturnType<ScalarFunction['bind']> {
  if (!text || !columns) throw new Error('the number of arguments is checked before');
  const fields = logColumns(columns, 0, name, at);
  const unplaced = fields.find(({ start }) => start === undefined);
  if (unplaced) throw new SqlError(`column "${unplaced.name}" of ${name} has no START.`, at);
  return logRow(
    text,
    fields,
    (line) =>
      fields.map(
        ({ start = 0, length }): Value =>
          start >= line.length ? null : line.slice(start, length === undefined ? undefined : start + length).trim(),
      ),
    run,
  );
}
