import { basename } from 'node:path';
import { toProjectFile } from '../../project/parse-project-file.js';
import { openProjectDocument } from '../../project/project-document.js';
import { settingsSchema } from '../../project/project-schema.js';
import type { CheckFile } from './check.js';
import { checkSchema } from './check-schema.js';

/**
 * Reads the text of a project file with its checks.
 * @param path where it came from, absolute; for messages, and for what paths in it are relative to
 * @throws UsageError with every problem, each with its line and field
 */
export function parseCheckFile(text: string, path: string): CheckFile {
  const document = openProjectDocument(text, path);
  const { checks = {}, ...settings } = document.judge(settingsSchema(checkSchema), document.settings) ?? {};
  const own = document.check && document.judge(checkSchema, document.check);
  const [firstOwn] = Object.keys(document.check ?? {});
  if (firstOwn !== undefined && 'checks' in document.settings)
    document.complain([firstOwn], 'stands beside "checks"; put it under a name of its own there');
  document.requireSound();
  const file = toProjectFile(settings, path);
  const named = Object.entries(checks).map(([name, each]) => ({ name, ...each }));
  return { ...file, checks: own ? [{ name: basename(file.folder) || 'check', ...own }] : named };
}
