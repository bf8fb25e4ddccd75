import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM and STS make them: letters for the kind (`AROA`, `ASIA`), then `length` upper-case letters and digits. */
export const uniqueId = (prefix: string, length = 17): string =>
  prefix + [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
