import { isKinesisError } from '../target/kinesis-call.js';
import type { KinesisControl } from '../target/kinesis-control.js';
import { RECORD_KIB } from './capacity.js';
import { readSummary } from './read-summary.js';

/** A stream as it is, in the terms that provisioning can change. */
export interface StreamState {
  name: string;
  status: string;
  mode: 'PROVISIONED' | 'ON_DEMAND';
  openShards: number;
  retentionHours: number;
  maxRecordKiB: number;
  tags: Record<string, string>;
}

/** @returns undefined when there is no such stream */
export async function readStreamState(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<StreamState | undefined> {
  const summary = await readSummary(kinesis, name, signal);
  if (!summary) return undefined;
  const { status, mode, openShards = 0, retentionHours, maxRecordKiB = RECORD_KIB.byDefault } = summary;
  try {
    const tags = await readTags(kinesis, name, signal);
    return { name, status, mode, openShards, retentionHours, maxRecordKiB, tags };
  } catch (error) {
    if (isKinesisError(error, 'ResourceNotFoundException')) return undefined; // deleted in between
    throw error;
  }
}

/** All tags of a stream. */
export async function readTags(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (let after: string | undefined; ; ) {
    const input = { StreamName: name, ...(after !== undefined && { ExclusiveStartTagKey: after }) };
    const page = await kinesis.call('ListTagsForStream', input, signal);
    for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? '';
    const last = page.Tags?.at(-1)?.Key;
    if (!page.HasMoreTags || last === undefined || last === after) return tags;
    after = last;
  }
}
