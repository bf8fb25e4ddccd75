import type { SqlType, TypeName } from '../types/sql-type.js';

const TYPES: Partial<Record<TypeName, string>> = {
  INTEGER: 'INT',
  REAL: 'FLOAT',
  TIMESTAMP: 'TIMESTAMP(3)',
  TIME: 'TIME',
  NULL: 'STRING',
};

/** A type in Flink's words. */
export function flinkType(type: SqlType): string {
  if (type.name === 'DECIMAL') return `DECIMAL(${type.precision ?? 19}, ${type.scale ?? 0})`;
  const name = TYPES[type.name] ?? type.name;
  if (!/^(VAR)?(CHAR|BINARY)$/.test(name)) return name;
  if (type.precision !== undefined) return `${name}(${type.precision})`;
  return name === 'VARCHAR' ? 'STRING' : name === 'VARBINARY' ? 'BYTES' : name;
}

/** Names are exact, so they are quoted: Flink keeps the case of unquoted ones. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** `INTERVAL '10' SECOND` of a length in milliseconds, in the largest unit that is whole. */
export function flinkInterval(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['DAY', 86_400_000],
    ['HOUR', 3_600_000],
    ['MINUTE', 60_000],
    ['SECOND', 1000],
  ];
  const [unit, size] = units.find(([, length]) => ms % length === 0) ?? ['SECOND', 1000];
  const count = ms / size;
  // A number above 99 needs a precision of its own in Flink.
  const digits = String(Math.trunc(count)).length;
  return `INTERVAL '${count}' ${unit}${digits > 2 ? `(${digits})` : ''}`;
}

/** What stands between the parentheses of WITH. */
export function writeOptions(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `${text(key)} = ${text(value)}`)
    .join(', ');
}
