import { formatDuration } from '../../shared/duration.js';
import type { HopReport } from '../check-report.js';
import { alignColumns } from './align-columns.js';

interface Column {
  header: string;
  value(hop: HopReport): string;
}

const count = (header: string, value: (hop: HopReport) => number): Column => ({
  header,
  value: (hop) => String(value(hop)),
});
const time = (header: string, value: (hop: HopReport) => number | undefined): Column => ({
  header,
  value: (hop) => {
    const ms = value(hop);
    return ms === undefined ? '-' : formatDuration(ms);
  },
});

const FULL: readonly Column[] = [
  { header: 'HOP', value: (hop) => hop.name },
  count('SENT', (hop) => hop.sent),
  count('ARRIVED', (hop) => hop.arrived),
  count('LOST', (hop) => hop.lost),
  count('DUPLICATED', (hop) => hop.duplicated),
  count('REORDERED', (hop) => hop.reordered),
  time('P50', (hop) => hop.fromSendingMs?.p50),
  time('P95', (hop) => hop.fromSendingMs?.p95),
  time('P99', (hop) => hop.fromSendingMs?.p99),
  time('MAX', (hop) => hop.fromSendingMs?.max),
  time('SINCE PREVIOUS', (hop) => hop.fromBeforeMs?.p50),
];
const SHORT: Record<string, string> = { DUPLICATED: 'DUP', REORDERED: 'REORD', 'SINCE PREVIOUS': 'STEP' };
const shortened = FULL.map((column) => ({ ...column, header: SHORT[column.header] ?? column.header }));

/** What goes as the terminal grows narrower: long words first, then P99. */
const LAYOUTS = [FULL, shortened, shortened.filter(({ header }) => header !== 'P99')];

/** A row a hop under a header, in the fullest layout that fits into `width` columns. */
export function hopTable(hops: readonly HopReport[], width: number): { header: string; rows: string[] } {
  const tables = LAYOUTS.map((columns) =>
    alignColumns(
      columns.map(({ header }) => header),
      hops.map((hop) => columns.map(({ value }) => value(hop))),
    ),
  );
  const fitting = tables.find(({ header, rows }) => [header, ...rows].every((line) => line.length <= width));
  return fitting ?? tables.at(-1) ?? { header: '', rows: [] };
}
