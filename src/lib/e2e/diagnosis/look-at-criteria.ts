import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { explainPattern } from '../../shared/event-pattern.js';
import { wireSource } from '../../stream/wire-source.js';
import { functionNameIn } from '../arn-parts.js';
import type { Finding } from '../check-report.js';
import { findMarkers } from '../marker.js';
import type { Case } from './case.js';

const CLOCK_SLACK_MS = 5000;
/** A filter that keeps everything out shows it at once. */
const MOST_PAGES = 20;
const MAX_SHOWN = 600;

/** A mapping's filter criteria, tried on the record of an event that was lost: the condition that keeps it out. */
export async function lookAtCriteria(
  hop: string,
  mapping: EventSourceMappingConfiguration,
  stream: string,
  pipeline: Case,
): Promise<Finding[]> {
  const patterns = (mapping.FilterCriteria?.Filters ?? []).flatMap(({ Pattern }) => Pattern ?? []);
  if (patterns.length === 0 || !pipeline.missing.has(hop)) return [];
  const record = await recordLostAt(hop, stream, pipeline);
  if (record === undefined) return [];
  const data = parseRecord(record);
  const whys = patterns.map((pattern) => whyKeptOut(pattern, data));
  if (whys.some((why) => why === undefined)) return [];
  const name = functionNameIn(mapping.FunctionArn) ?? mapping.FunctionArn ?? '(unknown)';
  return patterns.map((pattern, index) => ({
    hop,
    weight: 'cause',
    text: `The filter criteria of the event source mapping to ${name} keep the event out: ${whys[index]}.`,
    evidence: [`pattern  ${pattern}`, `record   ${record.toString('utf8').slice(0, MAX_SHOWN)}`],
  }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html: data that is not JSON is dropped. */
function whyKeptOut(pattern: string, data: unknown): string | undefined {
  if (data === undefined) return 'the record is not JSON';
  try {
    return explainPattern(pattern, { data });
  } catch (error) {
    return `the pattern cannot be read: ${(error as Error).message}`;
  }
}

function parseRecord(record: Buffer): unknown {
  try {
    return JSON.parse(record.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The first record of this run in the stream whose marker is missing at the hop. */
async function recordLostAt(hop: string, stream: string, pipeline: Case): Promise<Buffer | undefined> {
  const { session, runId, missing, targetSinceMs } = pipeline;
  const { clients, signal } = session.options;
  const source = wireSource(await clients.kinesisWire(), stream);
  for (const { ShardId } of await source.list(signal)) {
    const since = targetSinceMs - CLOCK_SLACK_MS;
    let iterator: string | undefined = await source.iterator(ShardId, { since }, signal);
    for (let page = 0; iterator !== undefined && page < MOST_PAGES; page += 1) {
      const { records, next, behindMs } = await source.records(ShardId, iterator, signal);
      for (const { data } of records) {
        const found = findMarkers(Buffer.from(data).toString('utf8'), runId).own;
        if (found.some((marker) => missing.get(hop)?.(marker))) return Buffer.from(data);
      }
      iterator = behindMs > 0 ? next : undefined;
    }
  }
  return undefined;
}
