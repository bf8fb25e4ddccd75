import type { SpecOf } from '../check-file/kind.js';
import { httpRecorder } from './http-recorder.js';
import { postgresRecorder } from './postgres/postgres-recorder.js';
import type { RecorderKind, RunningRecorder, StartedRecorders } from './recorder.js';

/** Every kind of recorder, in the order of the docs. A new one is its file and its line here. */
export const RECORDERS = [httpRecorder, postgresRecorder] as const;

export type RecorderSpec = SpecOf<(typeof RECORDERS)[number]>;

type RunningOf<K> = K extends { start(...args: never[]): Promise<StartedRecorders<infer Running>> } ? Running : never;

/** A recorder that runs; its kind says which. */
export type Recorder = RunningOf<(typeof RECORDERS)[number]>;

/** The kind that a recorder of a check file chose. */
export function recorderKindOf(kind: RecorderSpec['kind']): RecorderKind<RecorderSpec, RunningRecorder, unknown> {
  const kinds: readonly RecorderKind<RecorderSpec, RunningRecorder, unknown>[] = RECORDERS;
  const found = kinds.find(({ key }) => key === kind);
  if (!found) throw new Error(`no recorder of the kind ${kind}`);
  return found;
}
