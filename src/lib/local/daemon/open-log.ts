import { closeSync, constants, fstatSync, lstatSync, openSync, renameSync } from 'node:fs';
import { OperationError } from '../../shared/errors.js';

/** A log that has grown past this is put aside when its endpoint starts again. */
const LARGE_LOG_BYTES = 10 * 1024 * 1024;
/** Not through a link, and not waiting for the reader of a pipe. Windows has neither flag. */
const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * Opens an endpoint's log to add to it.
 * @returns the file descriptor
 * @throws OperationError for a symbolic link, or anything else that is no file
 */
export function openLog(logFile: string): number {
  const there = lstatSync(logFile, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw noFile(logFile);
  if (there && there.size > LARGE_LOG_BYTES) renameSync(logFile, `${logFile}.old`);
  let log: number;
  try {
    log = openSync(logFile, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO' ? noFile(logFile) : error;
  }
  if (fstatSync(log).isFile()) return log;
  closeSync(log);
  throw noFile(logFile);
}

const noFile = (path: string): OperationError =>
  new OperationError(`The log ${path} is a symbolic link or another special file.`, {
    hint: 'Remove it, or set PIPECTL_STATE_DIR to a folder of your own.',
  });
