import type { ObjectIdentifier } from '@aws-sdk/client-s3';
import type { Clients } from '../target/clients.js';
import { isNotImplemented } from './stack-change-set.js';

/**
 * Deletes everything in a bucket, every version too. A bucket that is not there is empty.
 * @returns how many objects (and versions) there were
 */
export async function emptyBucket(clients: Clients, bucket: string, signal?: AbortSignal): Promise<number> {
  const { DeleteObjectsCommand } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  let count = 0;
  try {
    for await (const Objects of pages(clients, bucket, signal)) {
      if (Objects.length === 0) continue;
      await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }), {
        abortSignal: signal,
      });
      count += Objects.length;
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') return count;
    throw error;
  }
  return count;
}

async function* pages(
  clients: Clients,
  bucket: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectIdentifier[]> {
  try {
    yield* versionPages(clients, bucket, signal);
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    yield* objectPages(clients, bucket, signal);
  }
}

async function* versionPages(
  clients: Clients,
  Bucket: string,
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<ObjectIdentifier[]> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  for (let more = true; more; ) {
    // From the start each time: the page before has been deleted by now.
    const answer = await s3.send(new ListObjectVersionsCommand({ Bucket }), { abortSignal });
    const found = [...(answer.Versions ?? []), ...(answer.DeleteMarkers ?? [])];
    yield found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    more = answer.IsTruncated === true && found.length > 0;
  }
}

async function* objectPages(
  clients: Clients,
  Bucket: string,
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<ObjectIdentifier[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const s3 = await clients.s3();
  for (let more = true; more; ) {
    const answer = await s3.send(new ListObjectsV2Command({ Bucket }), { abortSignal });
    const found = answer.Contents ?? [];
    yield found.map(({ Key }) => ({ Key }));
    more = answer.IsTruncated === true && found.length > 0;
  }
}
