import type { CallExpression, Expression } from '../parse/expression-syntax.js';
import type { TextPosition } from '../sql-error.js';
import { formatDate, formatTime, formatTimestamp } from '../types/date-time.js';
import { formatDecimal } from '../types/decimal.js';
import { scaleOf } from '../types/sql-type.js';
import { flinkInterval, flinkType, quoted, text } from './flink-names.js';

export interface ExpressionContext {
  /** Replaces a whole expression, such as the window's own. */
  replace(expression: Expression): string | undefined;
  /** What Flink has no equivalent for. */
  report(at: TextPosition, what: string, hint?: string): void;
  over(call: CallExpression): string;
}

/** Functions whose arguments Flink takes in the same order, under another name or the same. */
const SAME: Record<string, string> = {
  STDDEV: 'STDDEV_SAMP',
  CHARACTER_LENGTH: 'CHAR_LENGTH',
  CURRENT_ROW_TIMESTAMP: 'PROCTIME()',
};
const KNOWN = new Set(
  'COUNT SUM AVG MIN MAX FIRST_VALUE LAST_VALUE STDDEV STDDEV_SAMP STDDEV_POP VAR_SAMP VAR_POP CHAR_LENGTH CHARACTER_LENGTH UPPER LOWER INITCAP REPLACE CONCAT ABS FLOOR CEIL ROUND SIGN MOD EXP LN LOG10 SQRT POWER COALESCE NULLIF CURRENT_TIMESTAMP LOCALTIMESTAMP CURRENT_DATE CURRENT_TIME LOCALTIME'.split(
    ' ',
  ),
);
const BARE = new Set(['CURRENT_TIMESTAMP', 'LOCALTIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'LOCALTIME']);

/** An expression as Flink writes it. */
export function writeExpression(expression: Expression, context: ExpressionContext): string {
  const replaced = context.replace(expression);
  if (replaced !== undefined) return replaced;
  const write = (part: Expression): string => writeExpression(part, context);
  const not = (negated: boolean): string => (negated ? ' NOT' : '');
  switch (expression.kind) {
    case 'literal':
      return writeLiteral(expression);
    case 'column':
      return expression.qualifier === undefined
        ? quoted(expression.name)
        : `${quoted(expression.qualifier)}.${quoted(expression.name)}`;
    case 'star':
      return '*';
    case 'unary':
      return `${expression.operator === 'NOT' ? 'NOT ' : expression.operator}(${write(expression.operand)})`;
    case 'binary':
      return `(${write(expression.left)} ${expression.operator} ${write(expression.right)})`;
    case 'is':
      return `(${write(expression.operand)} IS${not(expression.negated)} ${expression.what})`;
    case 'between':
      return `(${write(expression.operand)}${not(expression.negated)} BETWEEN ${write(expression.low)} AND ${write(expression.high)})`;
    case 'in':
      return `(${write(expression.operand)}${not(expression.negated)} IN (${expression.items.map(write).join(', ')}))`;
    case 'pattern': {
      const ending = expression.escapeChar ? ` ESCAPE ${write(expression.escapeChar)}` : '';
      return `(${write(expression.operand)}${not(expression.negated)} ${expression.operator} ${write(expression.pattern)}${ending})`;
    }
    case 'case': {
      const branches = expression.branches
        .map(({ when, result }) => ` WHEN ${write(when)} THEN ${write(result)}`)
        .join('');
      const operand = expression.operand ? ` ${write(expression.operand)}` : '';
      return `CASE${operand}${branches}${expression.otherwise ? ` ELSE ${write(expression.otherwise)}` : ''} END`;
    }
    case 'cast':
      return `CAST(${write(expression.operand)} AS ${flinkType(expression.type)})`;
    case 'unit':
      if (expression.operator === 'EXTRACT') return `EXTRACT(${expression.unit} FROM ${write(expression.operand)})`;
      return `${expression.operator}(${write(expression.operand)} TO ${expression.unit})`;
    case 'step':
      context.report(expression.at, 'STEP outside GROUP BY', 'Use FLOOR(x TO unit).');
      return 'NULL';
    case 'difference':
      // The unit's whole periods, as a number: what CAST makes of the dialect's interval.
      return `TIMESTAMPDIFF(${expression.unit}, ${write(expression.right)}, ${write(expression.left)})`;
    case 'field':
      context.report(expression.at, 'the LOG_PARSE functions', 'Use REGEXP_EXTRACT.');
      return 'NULL';
    case 'call':
      return writeCall(expression, context);
  }
}

function writeCall(call: CallExpression, context: ExpressionContext): string {
  const { name, at } = call;
  const values = call.arguments.map((value) => writeExpression(value, context));
  const [first = '', second = '', third = ''] = values;
  switch (name) {
    case 'MONOTONIC':
      return first;
    case 'SUBSTRING':
      return `SUBSTRING(${first} FROM ${second}${values.length > 2 ? ` FOR ${third}` : ''})`;
    case 'POSITION':
      return `POSITION(${first} IN ${second})`;
    case 'OVERLAY':
      return `OVERLAY(${first} PLACING ${second} FROM ${third}${values.length > 3 ? ` FOR ${values[3]}` : ''})`;
    case 'TRIM':
      return `TRIM(${first.slice(1, -1)} ${second} FROM ${third})`;
    case 'CHAR_TO_TIMESTAMP':
      return `TO_TIMESTAMP(${second}, ${first})`;
    case 'CHAR_TO_DATE':
      return `TO_DATE(${second}, ${first})`;
    case 'TIMESTAMP_TO_CHAR':
    case 'DATE_TO_CHAR':
      return `DATE_FORMAT(${second}, ${first})`;
    case 'TO_TIMESTAMP':
      return `TO_TIMESTAMP_LTZ(${first}, 3)`;
    case 'REGEX_REPLACE':
      if (values.length > 3) context.report(at, 'REGEX_REPLACE from a position or of one occurrence');
      return `REGEXP_REPLACE(${first}, ${second}, ${third})`;
  }
  if (!KNOWN.has(name)) context.report(at, `function ${name}`);
  if (BARE.has(name)) return name;
  const argument = call.star ? '*' : values.join(', ');
  const written = `${SAME[name] ?? name}(${call.distinct ? 'DISTINCT ' : ''}${argument})`;
  return call.over === undefined ? written : `${written} OVER ${context.over(call)}`;
}

function writeLiteral({ value, type }: Extract<Expression, { kind: 'literal' }>): string {
  if (value === null) return `CAST(NULL AS ${flinkType(type)})`;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'bigint') return formatDecimal(value, scaleOf(type));
  if (type.name === 'INTERVAL') {
    const months = type.unit === 'YEAR' || type.unit === 'MONTH';
    return months ? `INTERVAL '${Number(value)}' MONTH` : flinkInterval(Number(value));
  }
  if (typeof value === 'string') return type.name === 'VARBINARY' ? `X'${value}'` : text(value);
  if (type.name === 'TIMESTAMP') return `TIMESTAMP '${formatTimestamp(value)}'`;
  if (type.name === 'DATE') return `DATE '${formatDate(value)}'`;
  if (type.name === 'TIME') return `TIME '${formatTime(value)}'`;
  return type.name === 'DOUBLE' ? `CAST(${value} AS DOUBLE)` : String(value);
}
