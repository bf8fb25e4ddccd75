import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ANALYTICS = fileURLToPath(new URL('../../pipelines/analytics/', import.meta.url));

/** A replacement in one file of the pipeline; what is to be replaced must be there. */
export interface Change {
  file: string;
  replace: string;
  by: string;
}

/** The analytics pipeline in a folder of its own, with changes. @returns the path of its check file */
export function copyPipeline(changes: readonly Change[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipectl-analytics-'));
  cpSync(ANALYTICS, folder, { recursive: true });
  for (const { file, replace, by } of changes) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(replace)) throw new Error(`${file} does not hold ${replace}`);
    writeFileSync(
      path,
      text.replace(replace, () => by),
    );
  }
  return join(folder, 'pipectl.yaml');
}

/** A verdict that waits no longer than a test should. */
export const IMPATIENT: Change = {
  file: 'pipectl.yaml',
  replace: 'within: 30s',
  by: 'within: 2s\n  warmUp: 2s',
};

export const BROKEN_FILTER: Change = {
  file: 'data-pipeline.yaml',
  replace: '($.event_type = *)',
  by: '($.event_typo = *)',
};

export const THROWING_LOADER: Change = {
  file: 'functions/loader/index.mjs',
  replace: '  let delivered = 0;',
  by: "  throw new Error('the table is gone');",
};

export const NO_PRIMING: Change = {
  file: 'pipectl.yaml',
  replace:
    '  - invoke: export:test-logger-lambda-name # the log group that data-pipeline subscribes to appears with this\n    payload: { message: prime }\n',
  by: '',
};
