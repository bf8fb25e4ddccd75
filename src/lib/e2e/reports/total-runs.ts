import { formatDuration } from '../../shared/duration.js';
import type { CheckReport } from '../check-report.js';

/** What the runs of one check over one deployment come to. Events are counted at the hop where they were lost, copied or reordered. */
export interface CheckTotals {
  check: string;
  runs: number;
  passed: number;
  sent: number;
  lost: number;
  duplicated: number;
  reordered: number;
  /** By hop: the p95 from sending of each run, in milliseconds; null where nothing arrived. */
  p95Ms: Record<string, (number | null)[]>;
}

/** `orders`, or `orders, run 2 of 3`. */
export const runName = ({ check, pass }: CheckReport): string =>
  pass === undefined ? check : `${check}, run ${pass.number} of ${pass.of}`;

/** The reports of each check, in the order in which the checks ran. */
export function byCheck(reports: readonly CheckReport[]): CheckReport[][] {
  const groups = new Map<string, CheckReport[]>();
  for (const report of reports) groups.set(report.check, [...(groups.get(report.check) ?? []), report]);
  return [...groups.values()];
}

/** The totals of every check that was asked to run more than once. */
export const totalRuns = (reports: readonly CheckReport[]): CheckTotals[] =>
  byCheck(reports)
    .filter((runs) => runs.some(({ pass }) => pass !== undefined))
    .map(totalOf);

function totalOf(runs: readonly CheckReport[]): CheckTotals {
  const sum = (count: (report: CheckReport) => number): number => runs.reduce((total, run) => total + count(run), 0);
  const overHops = (metric: 'lost' | 'duplicatedHere' | 'reordered') =>
    sum(({ hops }) => hops.reduce((total, hop) => total + hop[metric], 0));
  const hopNames = runs[0]?.hops.map(({ name }) => name) ?? [];
  return {
    check: runs[0]?.check ?? '',
    runs: runs.length,
    passed: runs.filter(({ verdict }) => verdict.green).length,
    sent: sum(({ send }) => send.sent),
    lost: overHops('lost'),
    duplicated: overHops('duplicatedHere'),
    reordered: overHops('reordered'),
    p95Ms: Object.fromEntries(
      hopNames.map((name) => [
        name,
        runs.map(({ hops }) => hops.find((hop) => hop.name === name)?.fromSendingMs?.p95 ?? null),
      ]),
    ),
  };
}

/** A row a run of one check, and a row of totals with the worst p95, as cells. */
export function runsTable(runs: readonly CheckReport[]): { header: string[]; rows: string[][] } {
  const total = totalOf(runs);
  const hopNames = Object.keys(total.p95Ms);
  const time = (ms: number | null): string => (ms === null ? '-' : formatDuration(ms));
  const worst = (name: string): number | null =>
    (total.p95Ms[name] ?? []).reduce((most, ms) => (ms === null || (most !== null && most > ms) ? most : ms), null);
  const rowOf = (name: string, result: string, { sent, lost, duplicated, reordered }: CheckTotals): string[] => [
    ...[name, result],
    ...[sent, lost, duplicated, reordered].map(String),
  ];
  return {
    header: ['RUN', 'RESULT', 'SENT', 'LOST', 'DUPLICATED', 'REORDERED', ...hopNames.map((name) => `P95 ${name}`)],
    rows: [
      ...runs.map((run, index) => [
        ...rowOf(String(run.pass?.number ?? index + 1), run.verdict.green ? 'passed' : 'failed', totalOf([run])),
        ...hopNames.map((name) => time(total.p95Ms[name]?.[index] ?? null)),
      ]),
      [...rowOf('total', `${total.passed} of ${total.runs}`, total), ...hopNames.map((name) => time(worst(name)))],
    ],
  };
}
