import { OperationError } from '../../shared/errors.js';

/** JSON has no bigint and no number that is not finite: `{"$big":"1"}`, `{"$number":"-0"}`. */
export function writeSnapshot(state: unknown): string {
  return JSON.stringify(state, (_, part: unknown) => {
    if (typeof part === 'bigint') return { $big: String(part) };
    if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0)))
      return { $number: Object.is(part, -0) ? '-0' : String(part) };
    return part;
  });
}

/** @throws OperationError when the text is no snapshot */
export function readSnapshot(text: string): unknown {
  try {
    return JSON.parse(text, (_, part: unknown) => {
      if (typeof part !== 'object' || part === null) return part;
      if ('$big' in part && typeof part.$big === 'string') return BigInt(part.$big);
      if ('$number' in part && typeof part.$number === 'string') return Number(part.$number);
      return part;
    });
  } catch (cause) {
    throw new OperationError('The snapshot of the SQL application is damaged.', {
      hint: 'Delete it: the application then starts without state.',
      cause,
    });
  }
}
