import type { WireRequest } from './wire-request.js';

/** `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost.localstack.cloud`, `bucket.localhost`, … */
const HOST_STYLE = /^(.+?)\.(?:s3(?:[.-].*)?|localhost(?:\..+)?|127\.0\.0\.1\.nip\.io)$/;

/** Where S3 requests carry their bucket: in the host name, or as the first segment of the path. */
export function splitBucket({ host, path }: Pick<WireRequest, 'host' | 'path'>): {
  bucket: string | undefined;
  path: string;
} {
  const fromHost = /^s3[.-]/.test(host) ? undefined : HOST_STYLE.exec(host)?.[1];
  if (fromHost !== undefined && fromHost !== 's3') return { bucket: fromHost, path };
  const slash = path.indexOf('/', 1);
  const first = slash < 0 ? path.slice(1) : path.slice(1, slash);
  if (first === '') return { bucket: undefined, path };
  return { bucket: decode(first), path: slash < 0 ? '/' : path.slice(slash) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
