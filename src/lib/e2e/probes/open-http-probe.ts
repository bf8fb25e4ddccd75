import { OperationError } from '../../shared/errors.js';
import type { Probe, ProbeContext } from './probe.js';

/** Watches a recorder: an event has arrived when the recorder has taken it, whatever it answered. */
export async function openHttpProbe(name: string, context: ProbeContext): Promise<Probe> {
  const recorder = context.recorders.get(name);
  if (!recorder) throw new OperationError(`No recorder named "${name}" is running.`);
  const stop = recorder.onRow((text, takenAtMs) => context.see({ text, stampedAtMs: takenAtMs }));
  return { watched: `recorder ${name}`, close: async () => stop() };
}
