import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../shared/errors.js';
import { PACKAGE_ROOT } from '../shared/package-files.js';
import { loadProjectFile } from './load-project-file.js';
import type { ProjectFile } from './project-file.js';

const FOLDER = fileURLToPath(new URL('pipelines', PACKAGE_ROOT));
const DEFAULT = 'analytics';

/** The pipelines that come with pipectl: each folder of `pipelines/` is one. */
export const samplePipelines = (): string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The check file of a pipeline that comes with pipectl. @throws UsageError if none has this name */
export async function loadSample(name = DEFAULT): Promise<ProjectFile> {
  const names = samplePipelines();
  if (names.includes(name)) return loadProjectFile(join(FOLDER, name));
  throw new UsageError(`--demo: "${name}" is not a sample pipeline.`, { hint: `Available: ${names.join(', ')}.` });
}
