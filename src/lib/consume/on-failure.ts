import { UsageError } from '../shared/errors.js';

/** Where a batch that is given up goes. */
export type OnFailure =
  | { kind: 'file'; path: string }
  | { kind: 'stream'; name: string }
  | { kind: 'bucket'; bucket: string; prefix: string };

const STREAM_NAME = /^[\w.-]{1,128}$/;
const FILE_NAME = /[/\\]|\.(?:jsonl?|ndjson|log|txt)$/;

/**
 * Reads `--on-failure FILE|STREAM|s3://BUCKET/PREFIX`: a file has a folder or `.jsonl`, `.json`, `.ndjson`, `.log` or `.txt` in its name.
 * @throws UsageError
 */
export function parseOnFailure(text: string, what = '--on-failure'): OnFailure {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 'bucket', bucket, prefix };
  if (FILE_NAME.test(text) && !text.includes('://') && !text.startsWith('arn:')) return { kind: 'file', path: text };
  if (STREAM_NAME.test(text)) return { kind: 'stream', name: text };
  throw new UsageError(`${what}: "${text}" is not a valid destination.`, {
    hint: 'Use a file (./failed.jsonl), a stream (orders-failed) or a bucket (s3://failed/orders).',
  });
}
