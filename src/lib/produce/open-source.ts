import type { LoadPlan } from './load-plan.js';
import type { InputHooks, RecordSource } from './record-source.js';

/** Times in seeded data count from here, a millisecond a record: 2026-01-01T00:00:00Z. */
const SEED_EPOCH_MS = Date.UTC(2026, 0, 1);

/** @param startEpochMs when the run starts */
export async function openSource(plan: LoadPlan, startEpochMs: number, hooks: InputHooks): Promise<RecordSource> {
  const { data, seed, seeded, keys, sizeBytes, worker, workers } = plan;
  if (data.kind === 'lines') {
    const { lineSource } = await import('./data/line-source.js');
    return lineSource({ ...data, keys, seed, sizeBytes, worker, workers, ...hooks });
  }
  // Faker is loaded only where it makes something.
  const { generatedSource } = await import('./data/generated-source.js');
  const prepare =
    data.kind === 'template'
      ? (await import('./data/template.js')).parseTemplate(data.text, data.name)
      : await prepareSchema(data.name);
  const timeOf = seeded ? (n: number) => SEED_EPOCH_MS + n : (_n: number, dueMs: number) => startEpochMs + dueMs;
  return generatedSource({ prepare, seed, keys, sizeBytes, worker, workers, timeOf });
}

async function prepareSchema(name: string) {
  const { SCHEMAS } = await import('./data/schemas.js');
  const schema = SCHEMAS.get(name);
  if (!schema) throw new Error(`no schema ${name}`);
  return schema.prepare;
}
