import type { AttributeValue, DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { reference } from '../../project/schema-parts.js';
import { OperationError } from '../../shared/errors.js';
import { findMarkers, writeMarker } from '../marker.js';
import { followTableStream } from './follow-table-stream.js';
import { poll } from './poll.js';
import type { Probe, ProbeContext, ProbeKind } from './probe.js';
import { unhurried } from './unhurried.js';

type Item = Record<string, AttributeValue>;

/**
 * Watches a DynamoDB table: by its stream if that has new images, else by reading the table whole, again and again. An item that changes is no
 * copy; a second item with the marker is.
 */
async function openTableProbe(table: string, context: ProbeContext): Promise<Probe> {
  const named = await context.resolve(table);
  const dynamodb = await context.clients.dynamodb();
  const description = await describe(dynamodb, named, context.signal);
  const name = description.TableName ?? named;
  const keyNames = (description.KeySchema ?? []).map(({ AttributeName }) => AttributeName ?? '');
  const known = new Set<string>();
  const take = (item: Item, stampedAtMs?: number): void => {
    const id = JSON.stringify(
      keyNames.map((key) => item[key]),
      binaryAsBase64,
    );
    const text = JSON.stringify(item, binaryAsBase64);
    const { own, foreign } = findMarkers(text, context.runId);
    const markers = [...own.map((marker) => writeMarker(context.runId, marker)), ...foreign];
    const fresh = markers.filter((marker) => !known.has(`${id} ${marker}`));
    if (fresh.length === 0) return;
    for (const marker of fresh) known.add(`${id} ${marker}`);
    // An item may gather events: those that it had before have been seen.
    context.see({
      text: fresh.length === markers.length ? text : fresh.join(' '),
      id: `${id} ${fresh.join(' ')}`,
      ...(stampedAtMs !== undefined && { stampedAtMs }),
    });
  };
  const { StreamEnabled: hasStream, StreamViewType: view } = description.StreamSpecification ?? {};
  if (hasStream && description.LatestStreamArn !== undefined && view?.startsWith('NEW_')) {
    const { close } = await followTableStream(description.LatestStreamArn, context, ({ dynamodb: change }) => {
      if (change?.NewImage) take(change.NewImage as Item, change.ApproximateCreationDateTime?.getTime());
    });
    return { watched: `table ${name}, by its stream`, close };
  }
  const round = async (): Promise<void> => {
    try {
      for await (const item of itemsOf(dynamodb, name, context.signal)) take(item);
      context.unreadable(undefined);
    } catch (error) {
      if (!context.signal.aborted) context.unreadable((error as Error).message);
    }
  };
  const { close } = poll(unhurried(round, context), context.pace.rowPollMs, context.clock, context.signal);
  return { watched: `table ${name}`, close };
}

/** Binary attributes are byte arrays, which JSON would write as lists of numbers. */
const binaryAsBase64 = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

async function describe(dynamodb: DynamoDBClient, name: string, abortSignal: AbortSignal): Promise<TableDescription> {
  const { DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
  try {
    const { Table: found = {} } = await dynamodb.send(new DescribeTableCommand({ TableName: name }), { abortSignal });
    return found;
  } catch (cause) {
    if ((cause as Error).name !== 'ResourceNotFoundException') throw cause;
    throw new OperationError(`There is no table ${name} to watch.`, {
      hint: 'Deploy the stack that makes it, or correct its name.',
      cause,
    });
  }
}

async function* itemsOf(dynamodb: DynamoDBClient, name: string, abortSignal: AbortSignal): AsyncGenerator<Item> {
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb');
  let from: Item | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({ TableName: name, ConsistentRead: true, ExclusiveStartKey: from }),
      { abortSignal },
    );
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

interface TableSpec {
  kind: 'table';
  table: string;
}

export const tableProbe: ProbeKind<TableSpec> = {
  key: 'table',
  help: 'A DynamoDB table, by name or ARN.',
  sees: 'an item holds it; by the table’s stream if that has new images, else by reading the table again and again',
  value: reference,
  toSpec: (table) => ({ kind: 'table', table }),
  open: ({ table }, context) => openTableProbe(table, context),
  describe: ({ table }) => `table ${table}`,
};
