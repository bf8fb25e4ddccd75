import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../shared/errors.js';
import { PACKAGE_ROOT } from '../shared/package-files.js';

const FOLDER = fileURLToPath(new URL('pipelines', PACKAGE_ROOT));
const DEFAULT = 'analytics';

/** The pipelines that come with pipectl: each folder of `pipelines/` is one. */
export const samplePipelines = (): string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The folder of a pipeline that comes with pipectl. @throws UsageError if none has this name */
export function samplePath(name = DEFAULT): string {
  const names = samplePipelines();
  if (names.includes(name)) return join(FOLDER, name);
  throw new UsageError(`--demo: "${name}" is not a sample pipeline.`, { hint: `Available: ${names.join(', ')}.` });
}
