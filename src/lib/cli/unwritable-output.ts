import { OperationError } from '../shared/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file may not grow any more',
  EIO: 'the device has an error',
};

/** What went wrong where stdout is a file, or a device, that takes no more; the result is not whole then. */
export function unwritableOutput(error: unknown): OperationError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new OperationError(`Standard output is not complete: ${REASONS[code ?? ''] ?? message}.`, { cause: error });
}
