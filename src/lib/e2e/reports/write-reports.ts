import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperationError } from '../../shared/errors.js';
import type { CheckReport } from '../check-report.js';
import { writeHtml } from './write-html.js';
import { writeJunit } from './write-junit.js';
import { writeMarkdown } from './write-markdown.js';

/** Files to write; what is undefined is not written. */
export interface ReportFiles {
  junit?: string | undefined;
  markdown?: string | undefined;
  html?: string | undefined;
  /** A file of GitHub's that Markdown is added to. */
  stepSummary?: string | undefined;
}

/** @returns an error that names the first file that could not be written; the others are written all the same */
export async function writeReports(
  reports: readonly CheckReport[],
  files: ReportFiles,
): Promise<OperationError | undefined> {
  let failure: OperationError | undefined;
  const write = async (
    path: string | undefined,
    make: (reports: readonly CheckReport[]) => string,
    how: (path: string, text: string) => Promise<void> = writeFile,
  ): Promise<void> => {
    if (path === undefined || path === '') return;
    try {
      await mkdir(dirname(path), { recursive: true });
      await how(path, make(reports));
    } catch (cause) {
      failure ??= new OperationError(`The report ${path} cannot be written: ${(cause as Error).message}`, { cause });
    }
  };
  await write(files.junit, writeJunit);
  await write(files.markdown, writeMarkdown);
  await write(files.html, writeHtml);
  await write(files.stepSummary, writeMarkdown, appendFile);
  return failure;
}
