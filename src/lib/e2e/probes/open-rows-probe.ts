import { z } from 'zod';
import { strict } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { findMarkers, writeMarker } from '../marker.js';
import type { PostgresRecorder } from '../recorder/postgres/postgres-recorder.js';
import { Appearances } from './appearances.js';
import { poll } from './poll.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';
import { unhurried } from './unhurried.js';

/**
 * Watches a database by a query, which is asked again and again: a row that was not there before has arrived. A row that changes is no copy;
 * a second row with the marker is.
 */
async function openRowsProbe({ recorder: name, query, at }: RowsSpec, context: ProbeContext): Promise<Probe> {
  const recorder = context.recorders.get(name);
  if (recorder?.kind !== 'postgres')
    throw new OperationError(`No recorder named "${name}" with "postgres" is running.`);
  const known = new Appearances();
  // What stands there before is told too if it holds a marker: those of earlier runs are known by that.
  const before = await ask(recorder, query).catch((cause: Error) => {
    throw new OperationError(`The query of the recorder ${name} failed: ${cause.message}.`, {
      hint: 'Correct the "query" of this hop, or the schema of the recorder.',
      cause,
    });
  });
  known.news(before.map(({ text }) => keyOf(text, context.runId)));
  const round = async (): Promise<void> => {
    try {
      const rows = await ask(recorder, query);
      const news = known.news(rows.map(({ text }) => keyOf(text, context.runId)));
      for (const { index, id } of news) {
        const { row, text } = rows[index] ?? {};
        const time = at === undefined ? undefined : row?.[at];
        if (text !== undefined) context.see({ text, id, ...(time instanceof Date && { stampedAtMs: time.getTime() }) });
      }
      context.unreadable(undefined);
    } catch (error) {
      if (!context.signal.aborted) context.unreadable(`${(error as Error).message || 'the database does not answer'}.`);
    }
  };
  const polling = poll(unhurried(round, context), context.pace.rowPollMs, context.clock, context.signal);
  return { watched: `rows of ${name}`, close: polling.close };
}

async function ask(
  recorder: PostgresRecorder,
  query: string,
): Promise<{ row: Record<string, unknown>; text: string }[]> {
  return (await recorder.query(query)).map((row) => ({ row, text: JSON.stringify(row) }));
}

/** What makes a row the same one though a column of it changes: its markers, or else all of it. */
function keyOf(text: string, runId: string): string {
  const { own, foreign } = findMarkers(text, runId);
  return [...own.map((marker) => writeMarker(runId, marker)), ...foreign].join(' ') || text;
}

export interface RowsSpec {
  kind: 'rows';
  recorder: string;
  query: string;
  at: string | undefined;
}

const value = strict(
  {
    recorder: z.string().describe('A recorder with "postgres".'),
    query: z.string().min(1).describe('SQL that answers the rows.'),
    at: z
      .string()
      .optional()
      .describe('The column with the time when a row was written; without it, when pipectl saw it.'),
  },
  '"rows"',
);

export const rowsProbe: ProbeKind<RowsSpec, z.output<typeof value>> = {
  key: 'rows',
  help: 'Rows of a Postgres recorder, by a query.',
  sees: 'the query answers a row that holds it: `{ recorder: NAME, query: SQL, at: COLUMN }`',
  value,
  toSpec: ({ recorder, query, at }) => ({ kind: 'rows', recorder, query, at }),
  open: openRowsProbe,
  describe: ({ recorder }) => `rows of ${recorder}`,
  recorderOf: ({ recorder }) => ({ name: recorder, kind: 'postgres' }),
};
