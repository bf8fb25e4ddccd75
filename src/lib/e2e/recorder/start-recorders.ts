import type { RecorderPlan, RecordersStart, StartedRecorders } from './recorder.js';
import { RECORDERS, type Recorder, type RecorderSpec, recorderKindOf } from './recorders.js';

/**
 * Starts the recorders of a check, those of one kind together.
 * @throws what the first that could not start says; none of them runs then
 */
export async function startRecorders(
  plans: readonly RecorderPlan<RecorderSpec>[],
  start: RecordersStart,
): Promise<StartedRecorders<Recorder>> {
  const started: StartedRecorders[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((each) => each.close()));
  };
  try {
    for (const { key } of RECORDERS) {
      const own = plans.filter(({ spec }) => spec.kind === key);
      if (own.length > 0) started.push(await recorderKindOf(key).start(own, start));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    byName: new Map(started.flatMap(({ byName }) => [...byName])) as Map<string, Recorder>,
    addresses: new Map(started.flatMap(({ addresses }) => [...addresses])),
    close,
  };
}
