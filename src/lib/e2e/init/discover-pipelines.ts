import type { Clients } from '../../target/clients.js';
import { functionNameIn, streamNameIn } from '../arn-parts.js';

/** A stream with what leads to it and what reads it, as far as the target tells. */
export interface FoundPipeline {
  streamName: string;
  /** A log group whose subscription filter leads to the stream. */
  logGroup: string | undefined;
  /** What that filter lets pass. */
  filterPattern: string | undefined;
  /** Functions whose mappings read the stream. */
  readers: string[];
}

/** Log groups are asked one by one for their filters; more than so many are not looked at. */
const MAX_LOG_GROUPS = 200;

/** Every stream of the region, with its neighbours. */
export async function discoverPipelines(clients: Clients, signal: AbortSignal): Promise<FoundPipeline[]> {
  const [streams, feeders, readers] = await Promise.all([
    listStreamNames(clients, signal),
    listFeeders(clients, signal),
    listReaders(clients, signal),
  ]);
  return streams.map((streamName) => ({
    streamName,
    ...(feeders.get(streamName) ?? { logGroup: undefined, filterPattern: undefined }),
    readers: readers.get(streamName) ?? [],
  }));
}

async function listStreamNames(clients: Clients, signal: AbortSignal): Promise<string[]> {
  const { ListStreamsCommand } = await import('@aws-sdk/client-kinesis');
  const kinesis = await clients.kinesis();
  const names: string[] = [];
  for (let more = true; more; ) {
    const page = await kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName: names.at(-1) }), {
      abortSignal: signal,
    });
    names.push(...(page.StreamNames ?? []));
    more = page.HasMoreStreams === true;
  }
  return names;
}

/** Log groups by the stream their subscription filter leads to. */
async function listFeeders(
  clients: Clients,
  signal: AbortSignal,
): Promise<Map<string, { logGroup: string; filterPattern: string | undefined }>> {
  const { DescribeLogGroupsCommand, DescribeSubscriptionFiltersCommand } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  );
  const logs = await clients.logs();
  const groups: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new DescribeLogGroupsCommand({ nextToken }), { abortSignal: signal });
    for (const { logGroupName } of page.logGroups ?? []) if (logGroupName !== undefined) groups.push(logGroupName);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && groups.length < MAX_LOG_GROUPS);
  const feeders = new Map<string, { logGroup: string; filterPattern: string | undefined }>();
  for (const logGroupName of groups.slice(0, MAX_LOG_GROUPS)) {
    const page = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }), { abortSignal: signal });
    for (const { destinationArn, filterPattern } of page.subscriptionFilters ?? []) {
      const stream = streamNameIn(destinationArn);
      if (stream !== undefined) feeders.set(stream, { logGroup: logGroupName, filterPattern });
    }
  }
  return feeders;
}

async function listReaders(clients: Clients, signal: AbortSignal): Promise<Map<string, string[]>> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await clients.lambda();
  const readers = new Map<string, string[]>();
  let marker: string | undefined;
  do {
    const page = await lambda.send(new ListEventSourceMappingsCommand({ Marker: marker }), { abortSignal: signal });
    for (const { EventSourceArn, FunctionArn } of page.EventSourceMappings ?? []) {
      const stream = streamNameIn(EventSourceArn);
      const reader = functionNameIn(FunctionArn);
      if (stream !== undefined && reader !== undefined) readers.set(stream, [...(readers.get(stream) ?? []), reader]);
    }
    marker = page.NextMarker || undefined;
  } while (marker !== undefined);
  return readers;
}
