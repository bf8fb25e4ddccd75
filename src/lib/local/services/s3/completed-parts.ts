import { createHash } from 'node:crypto';
import { ALGORITHMS, createDigest } from './checksums.js';
import { invalidArgument, s3Error } from './s3-error.js';
import type { StoredObject, Upload, UploadedPart } from './s3-state.js';

/** Every part but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

/** The parts that a completion names, checked against those that came. */
export function chooseParts(
  upload: Upload,
  named: readonly { PartNumber?: number | undefined; ETag?: string | undefined }[],
): UploadedPart[] {
  if (named.length === 0) throw invalidArgument('You must specify at least one part');
  const parts = named.map(({ PartNumber, ETag }, index) => {
    if (index > 0 && (PartNumber ?? 0) <= (named[index - 1]?.PartNumber ?? 0)) throw s3Error('InvalidPartOrder');
    const part = upload.parts.get(PartNumber ?? 0);
    if (!part || (ETag !== undefined && ETag.replaceAll('"', '') !== part.etag)) {
      throw s3Error('InvalidPart', { UploadId: upload.id, PartNumber, ETag });
    }
    return part;
  });
  const small = parts.slice(0, -1).find(({ sizeBytes }) => sizeBytes < SMALLEST_PART_BYTES);
  if (small) {
    throw s3Error('EntityTooSmall', {
      ProposedSize: small.sizeBytes,
      MinSizeAllowed: SMALLEST_PART_BYTES,
      PartNumber: small.number,
      ETag: small.etag,
    });
  }
  return parts;
}

/** A checksum of the parts' checksums, for each algorithm that every part has: `base64-N`. */
export function compositeChecksums(parts: readonly UploadedPart[]): StoredObject['checksums'] {
  const composite: StoredObject['checksums'] = {};
  for (const algorithm of ALGORITHMS) {
    const sums = parts.map(({ checksums }) => checksums[algorithm]);
    if (sums.some((sum) => sum === undefined)) continue;
    const digest = createDigest(algorithm);
    for (const sum of sums) digest.update(Buffer.from(sum ?? '', 'base64'));
    composite[algorithm] = `${digest.sum().toString('base64')}-${parts.length}`;
  }
  return composite;
}

/** The MD5 of the parts' MD5s, and how many there are. */
export function wholeEtag(parts: readonly UploadedPart[]): string {
  const sums = Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex');
  return `${createHash('md5').update(sums).digest('hex')}-${parts.length}`;
}
