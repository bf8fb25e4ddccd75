import { SqlError } from '../sql-error.js';
import type { Expression, OrderItem, WindowFrame, WindowSpec } from './expression-syntax.js';
import type { Stagger } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** `(PARTITION BY k RANGE INTERVAL '1' MINUTE PRECEDING)`, also with BETWEEN … AND CURRENT ROW. */
export function parseWindow(reader: TokenReader): WindowSpec {
  const { at } = reader.expect('(');
  const word = reader.peek();
  const names =
    word.kind === 'name' || (word.kind === 'word' && !['PARTITION', 'ORDER', 'RANGE', 'ROWS'].includes(word.text));
  const base = names ? reader.next().text : undefined;
  const partitionBy = reader.takes('PARTITION', 'BY') ? reader.list(() => reader.expression()) : [];
  const orderBy = parseOrderBy(reader);
  const frame = parseFrame(reader);
  reader.expect(')');
  return { at, base, partitionBy, orderBy, frame };
}

export function parseOrderBy(reader: TokenReader): OrderItem[] {
  if (!reader.takes('ORDER', 'BY')) return [];
  return reader.list(() => {
    const expression = reader.expression();
    const descending = reader.takes('DESC');
    if (!descending) reader.takes('ASC');
    return { expression, descending };
  });
}

function parseFrame(reader: TokenReader): WindowFrame | undefined {
  const { at } = reader;
  const unit = reader.takes('RANGE') ? 'RANGE' : reader.takes('ROWS') ? 'ROWS' : undefined;
  if (unit === undefined) return undefined;
  const between = reader.takes('BETWEEN');
  if (reader.takes('CURRENT', 'ROW')) return endFrame(reader, { unit, at, preceding: undefined }, between);
  const preceding = reader.takes('UNBOUNDED') ? 'unbounded' : parseAmount(reader);
  if (!reader.takes('PRECEDING')) {
    if (!reader.sees('FOLLOWING')) throw reader.unexpected('PRECEDING');
    throw unsupportedEnd(reader);
  }
  return endFrame(reader, { unit, at, preceding }, between);
}

/** The AND of BETWEEN belongs to the frame, so an amount is one literal. */
function parseAmount(reader: TokenReader): Expression {
  const { at, kind } = reader.peek();
  if (kind === 'number')
    return { kind: 'literal', at, type: { name: 'INTEGER' }, value: reader.integer('a number of rows') };
  if (reader.sees('-')) throw new SqlError('a window cannot have a negative size.', at);
  return reader.expression();
}

function endFrame(reader: TokenReader, frame: WindowFrame, between: boolean): WindowFrame {
  if (!between) return frame;
  reader.expect('AND');
  if (reader.takes('CURRENT', 'ROW')) return frame;
  throw unsupportedEnd(reader);
}

/** SQL Reference, "Allowed and Disallowed Window Specifications": windows end with the current row. */
function unsupportedEnd(reader: TokenReader): SqlError {
  return new SqlError('a window must end with the current row.', reader.at, 'End it with "AND CURRENT ROW".');
}

/** `WINDOWED BY STAGGER (PARTITION BY k RANGE INTERVAL '1' MINUTE)`. */
export function parseStagger(reader: TokenReader): Stagger | undefined {
  if (!reader.takes('WINDOWED', 'BY')) return undefined;
  const { at } = reader.expect('STAGGER', '(', 'PARTITION', 'BY');
  const partitionBy = reader.list(() => reader.expression());
  reader.expect('RANGE');
  const range = reader.expression();
  reader.expect(')');
  return { at, partitionBy, range };
}
