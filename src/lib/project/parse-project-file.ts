import { dirname } from 'node:path';
import { z } from 'zod';
import { openProjectDocument } from './project-document.js';
import type { ProjectFile } from './project-file.js';
import { settingsSchema } from './project-schema.js';

/**
 * Reads the text of a project file. What it says of checks is left alone: a mistake there is none for a command that runs no check.
 * @param path where it came from, absolute; for messages, and for what paths in it are relative to
 * @throws UsageError with every problem, each with its line and field
 */
export function parseProjectFile(text: string, path: string): ProjectFile {
  const document = openProjectDocument(text, path);
  const { checks: _, ...settings } = document.judge(settingsSchema(z.unknown()), document.settings) ?? {};
  document.requireSound();
  return toProjectFile(settings, path);
}

type Settings = Omit<z.output<ReturnType<typeof settingsSchema>>, 'checks'>;

/** Settings that have been judged, as a file. */
export function toProjectFile({ streams, ...rest }: Settings, path: string): ProjectFile {
  return {
    path,
    folder: dirname(path),
    ...rest,
    ...(streams && { streams: Object.fromEntries(Object.entries(streams).map(([name, spec]) => [name, spec ?? {}])) }),
  };
}
