import type { KinesisControl } from '../target/kinesis-control.js';
import { readSummary, type StreamSummary } from './read-summary.js';

/** A stream as a list shows it. */
export interface ListedStream extends Pick<StreamSummary, 'arn' | 'status' | 'mode' | 'retentionHours' | 'createdAt'> {
  name: string;
  openShards: number;
}

/** Summaries asked for at the same time: DescribeStreamSummary allows 20 calls a second in an account. */
const AT_ONCE = 5;

/** Every stream of the region, by name. A stream that is deleted meanwhile is left out. */
export async function listStreams(kinesis: KinesisControl, signal?: AbortSignal): Promise<ListedStream[]> {
  const names = await listStreamNames(kinesis, signal);
  const found: ListedStream[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const listed = await Promise.all(
      names.slice(at, at + AT_ONCE).map((name) => summarizeStream(kinesis, name, signal)),
    );
    found.push(...listed.filter((stream) => stream !== undefined));
  }
  return found;
}

/** The names alone, sorted. */
export async function listStreamNames(kinesis: KinesisControl, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  let last: string | undefined;
  do {
    // NextToken is the newer way of paging, and not every endpoint knows it.
    const page = await kinesis.call(
      'ListStreams',
      last === undefined ? {} : { ExclusiveStartStreamName: last },
      signal,
    );
    names.push(...(page.StreamNames ?? []));
    const next = page.HasMoreStreams ? names.at(-1) : undefined;
    last = next === last ? undefined : next;
  } while (last !== undefined);
  return names.sort();
}

/** @returns undefined when there is no such stream */
export async function summarizeStream(
  kinesis: KinesisControl,
  name: string,
  signal?: AbortSignal,
): Promise<ListedStream | undefined> {
  const summary = await readSummary(kinesis, name, signal);
  if (!summary) return undefined;
  const { arn, status, mode, openShards = 0, retentionHours, createdAt } = summary;
  return { name, arn, status, mode, openShards, retentionHours, createdAt };
}
