import { SqlError } from '../sql-error.js';
import type { SqlType, TypeName } from '../types/sql-type.js';
import { MOST_DIGITS } from '../types/sql-type.js';
import { TokenReader } from './token-reader.js';

/** Spellings of each type; Flink's STRING, BYTES and FLOAT are VARCHAR, VARBINARY and REAL without a length. */
const NAMES: Record<string, TypeName> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INTEGER: 'INTEGER',
  INT: 'INTEGER',
  BIGINT: 'BIGINT',
  DECIMAL: 'DECIMAL',
  DEC: 'DECIMAL',
  NUMERIC: 'DECIMAL',
  REAL: 'REAL',
  FLOAT: 'DOUBLE',
  DOUBLE: 'DOUBLE',
  CHAR: 'CHAR',
  CHARACTER: 'CHAR',
  VARCHAR: 'VARCHAR',
  STRING: 'VARCHAR',
  BINARY: 'BINARY',
  VARBINARY: 'VARBINARY',
  BYTES: 'VARBINARY',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
};

/** Reads a type: `VARCHAR(16)`, `DOUBLE PRECISION`, `CHARACTER VARYING(4)`, `DECIMAL(5,2)`. */
export function parseType(reader: TokenReader): SqlType {
  const { at } = reader;
  const word = reader.name('a type');
  const known = NAMES[word];
  if (known === undefined) {
    throw new SqlError(`type ${word} is not supported.`, at, `Use ${[...new Set(Object.values(NAMES))].join(', ')}.`);
  }
  if (known === 'DOUBLE') reader.takes('PRECISION');
  const name: TypeName = known === 'CHAR' && reader.takes('VARYING') ? 'VARCHAR' : known;
  const [precision, scale] = reader.takes('(') ? readSizes(reader) : [];
  if (name === 'DECIMAL') return decimalOf(precision, scale, at);
  if (precision !== undefined && /CHAR|BINARY/.test(name)) return { name, precision };
  return name === 'CHAR' || name === 'BINARY' ? { name, precision: 1 } : { name };
}

/** Reads a type that stands alone, as in the schema of an input. */
export function parseTypeText(text: string): SqlType {
  const reader = new TokenReader(text);
  const type = parseType(reader);
  if (reader.peek().kind !== 'end') throw reader.unexpected('the end of the type');
  return type;
}

function readSizes(reader: TokenReader): [precision: number, scale?: number] {
  const precision = reader.integer('a length');
  const scale = reader.takes(',') ? reader.integer('a scale') : undefined;
  reader.expect(')');
  return scale === undefined ? [precision] : [precision, scale];
}

function decimalOf(precision = MOST_DIGITS, scale = 0, at = { line: 1, column: 1 }): SqlType {
  if (precision < 1 || precision > MOST_DIGITS || scale > precision) {
    throw new SqlError(
      `DECIMAL(${precision}, ${scale}) is not supported.`,
      at,
      `Use 1 to ${MOST_DIGITS} digits, and at most all of them behind the point.`,
    );
  }
  return { name: 'DECIMAL', precision, scale };
}
