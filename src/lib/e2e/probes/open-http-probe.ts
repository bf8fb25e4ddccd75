import { z } from 'zod';
import { OperationError } from '../../shared/errors.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';

/** Watches a recorder: an event has arrived when the recorder has taken it, whatever it answered. */
async function openHttpProbe(name: string, context: ProbeContext): Promise<Probe> {
  const recorder = context.recorders.get(name);
  if (recorder?.kind !== 'path') throw new OperationError(`No recorder named "${name}" is running.`);
  const stop = recorder.onRow((text, takenAtMs) => context.see({ text, stampedAtMs: takenAtMs }));
  return { watched: `recorder ${name}`, close: async () => stop() };
}

export interface HttpSpec {
  kind: 'http';
  recorder: string;
}

export const httpProbe: ProbeKind<HttpSpec> = {
  key: 'http',
  help: 'A recorder of this check, by name.',
  sees: 'the recorder has taken it',
  value: z.string(),
  toSpec: (recorder) => ({ kind: 'http', recorder }),
  open: ({ recorder }, context) => openHttpProbe(recorder, context),
  describe: ({ recorder }) => `recorder ${recorder}`,
  recorderOf: ({ recorder }) => ({ name: recorder, kind: 'path' }),
};
