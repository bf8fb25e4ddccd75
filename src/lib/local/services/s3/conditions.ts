import { s3Error } from './s3-error.js';
import type { StoredObject } from './s3-state.js';

export interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/**
 * Conditions of a read, in RFC 9110's order of precedence.
 * @throws AwsError PreconditionFailed or NotModified
 */
export function checkRead(object: StoredObject, conditions: Conditions): void {
  const modified = wholeSeconds(object.lastModified);
  if (conditions.IfMatch !== undefined) {
    if (!names(conditions.IfMatch, object.etag)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
  } else if (conditions.IfUnmodifiedSince && modified > wholeSeconds(conditions.IfUnmodifiedSince)) {
    throw s3Error('PreconditionFailed', { Condition: 'If-Unmodified-Since' });
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (names(conditions.IfNoneMatch, object.etag)) throw s3Error('NotModified');
  } else if (conditions.IfModifiedSince && modified <= wholeSeconds(conditions.IfModifiedSince)) {
    throw s3Error('NotModified');
  }
}

/**
 * Conditions of a write or a delete: `If-None-Match: *` for a key that must be free, `If-Match` for an object that must not have changed.
 * @throws AwsError PreconditionFailed, or NoSuchKey where If-Match meets no object
 */
export function checkWrite(existing: StoredObject | undefined, conditions: Conditions, key: string): void {
  if (conditions.IfNoneMatch !== undefined && existing && names(conditions.IfNoneMatch, existing.etag)) {
    throw s3Error('PreconditionFailed', { Condition: 'If-None-Match' });
  }
  if (conditions.IfMatch !== undefined) {
    if (!existing) throw s3Error('NoSuchKey', { Key: key });
    if (!names(conditions.IfMatch, existing.etag)) throw s3Error('PreconditionFailed', { Condition: 'If-Match' });
  }
}

/** Whether a list of entity tags, or `*`, names this one. */
const names = (list: string, etag: string): boolean =>
  list.split(',').some((item) => {
    const text = item.trim().replace(/^W\//, '');
    return text === '*' || text === etag || text === `"${etag}"`;
  });

const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);
