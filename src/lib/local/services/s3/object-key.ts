import { s3Error } from './s3-error.js';

const MOST_KEY_BYTES = 1024;

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MOST_KEY_BYTES) throw s3Error('KeyTooLongError', { Size: bytes, MaxSizeAllowed: MOST_KEY_BYTES });
}
