import { invalidArgument, s3Error } from './s3-error.js';

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Reads a Range header against a size: `bytes=0-99`, `bytes=100-`, `bytes=-50`. Undefined for none, and for what S3 ignores: other
 * units, several ranges, nonsense.
 * @throws AwsError InvalidRange (416) where the range lies outside
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    if (length === 0) throw outside(header, sizeBytes);
    return { start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) throw outside(header, sizeBytes);
  return { start, end: last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1) };
}

/**
 * Reads what UploadPartCopy takes of its source: `bytes=0-99`, both ends given and inside; without a header all of it.
 * @throws AwsError InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
export function readCopyRange(header: string | undefined, sizeBytes: number): ByteRange {
  if (header === undefined) return { start: 0, end: sizeBytes - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || last === undefined) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  const range = { start: Number(first), end: Number(last) };
  if (range.start > range.end || range.end >= sizeBytes)
    throw invalidArgument(`Range specified is not valid for source object of size: ${sizeBytes}`);
  return range;
}

const outside = (header: string | undefined, sizeBytes: number) =>
  s3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: sizeBytes });
