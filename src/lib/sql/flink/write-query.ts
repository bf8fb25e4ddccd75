import type { Expression, WindowSpec } from '../parse/expression-syntax.js';
import type { Query, Select, Source } from '../parse/syntax.js';
import type { TextPosition } from '../sql-error.js';
import { unitMs } from '../types/date-time.js';
import type { Column } from '../types/sql-type.js';
import { flinkInterval, flinkType, quoted } from './flink-names.js';
import { type ExpressionContext, writeExpression } from './write-expression.js';

export interface QueryContext {
  /** Columns of the streams by name, without ROWTIME. */
  readonly streams: ReadonlyMap<string, readonly Column[]>;
  report(at: TextPosition, what: string, hint?: string): void;
  /** Makes a view of a query and answers its name: Flink's windows take tables, not queries. */
  view(query: Query): string;
}

/**
 * A query as Flink writes it, its columns as the target's.
 * @param forwards whether ROWTIME is one column more, so that what reads the result has its time
 */
export function writeQuery(
  query: Query,
  target: readonly Column[] | undefined,
  forwards: boolean,
  context: QueryContext,
): string {
  const parts = query.kind === 'union-all' ? query.parts : [query];
  if (query.kind === 'union-all' && query.orderBy.length > 0)
    context.report(query.orderBy[0]?.expression.at ?? query.at, 'ORDER BY within a window');
  return parts.map((part) => writeSelect(part, target, forwards, context)).join('\nUNION ALL\n');
}

function writeSelect(
  select: Select,
  target: readonly Column[] | undefined,
  forwards: boolean,
  context: QueryContext,
): string {
  if (select.distinct) context.report(select.at, 'SELECT STREAM DISTINCT');
  if (select.orderBy.length > 0)
    context.report(select.orderBy[0]?.expression.at ?? select.at, 'ORDER BY within a window');
  if (select.stagger) context.report(select.stagger.at, 'WINDOWED BY STAGGER', 'Use a session or a tumbling window.');
  const window = select.groupBy.flatMap((group) => tumblingMs(group) ?? []).sort((one, other) => one - other)[0];
  const hasWindow = select.groupBy.some((group) => isNamed(group, 'WINDOW_END'));
  if (select.groupBy.length > 0 && window === undefined && !hasWindow)
    context.report(select.groupBy[0]?.at ?? select.at, 'this window of GROUP BY');
  const source = writeSource(select.from, context);
  const spec = oneWindow(select, context);
  const grouped = window !== undefined || hasWindow;
  const expressions: ExpressionContext = {
    report: context.report,
    over: () => 'w',
    replace: (expression) => {
      if (window !== undefined && tumblingMs(expression) !== undefined) return '`window_start`';
      if (isNamed(expression, 'ROWTIME') && grouped) return '`window_end`';
      for (const name of ['WINDOW_START', 'WINDOW_END', 'WINDOW_TIME'])
        if (isNamed(expression, name)) return `\`${name.toLowerCase()}\``;
      return undefined;
    },
  };
  const write = (expression: Expression): string => writeExpression(expression, expressions);
  const items = expandItems(select, source.columns).map(({ expression, name }, index) => {
    const column = target?.[index];
    return column
      ? `CAST(${write(expression)} AS ${flinkType(column.type)}) AS ${quoted(column.name)}`
      : `${write(expression)} AS ${quoted(name)}`;
  });
  if (forwards) items.push(grouped ? '`window_time` AS `ROWTIME`' : '`ROWTIME`');
  const lines = [`SELECT ${items.join(', ')}`];
  lines.push(
    window === undefined
      ? `FROM ${source.from}`
      : `FROM TABLE(TUMBLE(TABLE ${source.table}, DESCRIPTOR(\`ROWTIME\`), ${flinkInterval(window)}))${source.alias}`,
  );
  if (select.where) lines.push(`WHERE ${write(select.where)}`);
  if (grouped) {
    const keys = select.groupBy.filter(
      (group) => tumblingMs(group) === undefined && !/^WINDOW_(START|END|TIME)$/.test(nameOf(group) ?? ''),
    );
    lines.push(`GROUP BY ${[...keys.map(write), '`window_start`', '`window_end`', '`window_time`'].join(', ')}`);
  }
  if (select.having) lines.push(`HAVING ${write(select.having)}`);
  if (spec) lines.push(`WINDOW w AS (${writeWindow(spec, write)})`);
  return lines.join('\n');
}

function nameOf(expression: Expression): string | undefined {
  return expression.kind === 'column' ? expression.name : undefined;
}

function isNamed(expression: Expression, name: string): boolean {
  return nameOf(expression) === name;
}

/** The length of a tumbling window in any of its spellings; calendar units have none. */
function tumblingMs(expression: Expression): number | undefined {
  if (expression.kind === 'call' && expression.name === 'MONOTONIC' && expression.arguments[0])
    return tumblingMs(expression.arguments[0]);
  if (expression.kind === 'step' && isNamed(expression.operand, 'ROWTIME')) {
    const { interval } = expression;
    return interval.kind === 'literal' && interval.type.name === 'INTERVAL' ? Number(interval.value) : undefined;
  }
  if (expression.kind !== 'unit' || expression.operator !== 'FLOOR') return undefined;
  const size = unitMs(expression.unit);
  const { operand } = expression;
  if (isNamed(operand, 'ROWTIME')) return size;
  const divided =
    operand.kind === 'binary' && operand.operator === '/' && operand.right.kind === 'literal' ? operand : undefined;
  const difference = divided ? divided.left : operand;
  if (size === undefined || difference.kind !== 'difference' || !isNamed(difference.left, 'ROWTIME')) return undefined;
  return size * Number(divided?.right.kind === 'literal' ? divided.right.value : 1);
}

interface WrittenSource {
  readonly from: string;
  /** The name alone, for a window table function. */
  readonly table: string;
  readonly alias: string;
  readonly columns: readonly { readonly name: string; readonly qualifier: string | undefined }[];
}

function writeSource(source: Source, context: QueryContext): WrittenSource {
  switch (source.kind) {
    case 'stream': {
      if (source.name === 'error_stream')
        context.report(source.at, 'the error stream', 'Flink leaves bad rows out, or ends the job.');
      const alias = source.alias === undefined ? '' : ` AS ${quoted(source.alias)}`;
      const columns = (context.streams.get(source.name) ?? []).map(({ name }) => ({ name, qualifier: source.alias }));
      return {
        from: `${quoted(source.name)}${alias}`,
        table: quoted(source.name),
        alias: alias || ` AS ${quoted(source.name)}`,
        columns,
      };
    }
    case 'subquery': {
      const name = context.view(source.query);
      const alias = source.alias === undefined ? '' : ` AS ${quoted(source.alias)}`;
      const columns = (context.streams.get(name) ?? []).map((column) => ({
        name: column.name,
        qualifier: source.alias,
      }));
      return { from: `${quoted(name)}${alias}`, table: quoted(name), alias, columns };
    }
    case 'table-function': {
      if (!['TUMBLE', 'HOP', 'CUMULATE', 'SESSION'].includes(source.name))
        context.report(source.at, `table function ${source.name}`);
      const values = source.arguments.map((argument) => {
        if (argument.kind === 'table') {
          const partition =
            argument.partitionBy.length > 0 ? ` PARTITION BY ${argument.partitionBy.map(quoted).join(', ')}` : '';
          return `TABLE ${quoted(argument.name)}${partition}`;
        }
        if (argument.kind === 'descriptor') return `DESCRIPTOR(${argument.columns.map(quoted).join(', ')})`;
        if (argument.kind === 'value')
          return writeExpression(argument.expression, {
            report: context.report,
            over: () => '',
            replace: () => undefined,
          });
        return '';
      });
      return { from: `TABLE(${source.name}(${values.join(', ')}))`, table: '', alias: '', columns: [] };
    }
    case 'join':
      context.report(
        source.at,
        `a ${source.join} JOIN of windows`,
        'Use an interval join: ON a.k = b.k AND a.t BETWEEN b.t - INTERVAL … AND b.t.',
      );
      return { from: '', table: '', alias: '', columns: [] };
  }
}

function expandItems(select: Select, columns: WrittenSource['columns']): { expression: Expression; name: string }[] {
  return select.items.flatMap(({ expression, alias }, index) => {
    if (expression.kind === 'star') {
      const { at } = expression;
      return columns.map(({ name, qualifier }) => ({
        expression: { kind: 'column' as const, at, qualifier, name },
        name,
      }));
    }
    return [{ expression, name: alias ?? nameOf(expression) ?? `EXPR$${index}` }];
  });
}

/** Flink computes one OVER window in a query. */
function oneWindow(select: Select, context: QueryContext): WindowSpec | undefined {
  const found = new Map<string, WindowSpec>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if ('kind' in part && part.kind === 'call' && 'over' in part && part.over !== undefined) {
      const over = part.over as WindowSpec | string;
      const spec = typeof over === 'string' ? select.windows.find(({ name }) => name === over)?.window : over;
      if (spec)
        found.set(
          JSON.stringify(spec, (name, value: unknown) =>
            name === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value,
          ),
          spec,
        );
    }
    Object.values(part).forEach(visit);
  };
  select.items.forEach(visit);
  const [first, second] = found.values();
  if (second) context.report(second.at, 'several windows in one query', 'Use one pump for each window.');
  if (first?.base !== undefined) context.report(first.at, 'a window that refers to another');
  return first;
}

function writeWindow({ partitionBy, frame }: WindowSpec, write: (expression: Expression) => string): string {
  const partition = partitionBy.length > 0 ? `PARTITION BY ${partitionBy.map(write).join(', ')} ` : '';
  const preceding =
    frame?.preceding === undefined ? undefined : frame.preceding === 'unbounded' ? 'UNBOUNDED' : write(frame.preceding);
  const start = frame && preceding === undefined ? 'CURRENT ROW' : `${preceding ?? 'UNBOUNDED'} PRECEDING`;
  return `${partition}ORDER BY \`ROWTIME\` ${frame?.unit ?? 'RANGE'} BETWEEN ${start} AND CURRENT ROW`;
}
