// What AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable do with DynamoDB's own operations.
import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexUpdate,
  TableDescription,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../wire/handlers.js';
import { deleteIfThere, isNotFound, type Provisioned, type ResourceRequest } from './resource-type.js';
import { waitUntil } from './wait-until.js';

/** A table as a template wants it, whichever type it has there. */
export interface WantedTable {
  create: Omit<CreateTableCommandInput, 'TableName'>;
  timeToLive: { AttributeName?: string; Enabled: boolean } | undefined;
  recovery: { PointInTimeRecoveryEnabled?: boolean; RecoveryPeriodInDays?: number } | undefined;
  kinesis: { StreamArn: string; ApproximateCreationDateTimePrecision?: 'MILLISECOND' | 'MICROSECOND' } | undefined;
}

type Surroundings = Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal'>;

export async function createTable(
  name: string,
  wanted: WantedTable,
  request: Pick<ResourceRequest<unknown>, 'calls' | 'clock' | 'signal' | 'initiated'>,
): Promise<Provisioned> {
  await request.calls.dynamodb.CreateTable({ TableName: name, ...wanted.create });
  request.initiated(name);
  await untilActive(name, request);
  await settle(name, wanted, undefined, request);
  return provisioned(name, request);
}

/** Brings a table from what it was to what is wanted, a change at a time, as DynamoDB takes them. */
export async function updateTable(
  name: string,
  wanted: WantedTable,
  previous: WantedTable,
  surroundings: Surroundings,
): Promise<Provisioned> {
  for (const change of changesOf(await describe(name, surroundings), wanted.create)) {
    await surroundings.calls.dynamodb.UpdateTable({ TableName: name, ...change });
    await untilActive(name, surroundings);
  }
  await settle(name, wanted, previous, surroundings);
  return provisioned(name, surroundings);
}

/** Tags of a table after an update. */
export async function changeTags(
  arn: string,
  { add, remove }: { add: Record<string, string>; remove: string[] },
  { calls }: Pick<Surroundings, 'calls'>,
): Promise<void> {
  const Tags = Object.entries(add).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await calls.dynamodb.TagResource({ ResourceArn: arn, Tags });
  if (remove.length > 0) await calls.dynamodb.UntagResource({ ResourceArn: arn, TagKeys: remove });
}

export async function deleteTable(name: string, surroundings: Surroundings): Promise<void> {
  await deleteIfThere(async () => {
    await surroundings.calls.dynamodb.DeleteTable({ TableName: name });
    await waitUntil(`Deletion of table ${name}`, surroundings, async () => !(await describe(name, surroundings)));
  });
}

type Standing = Answer<TableDescription> | undefined;
type Change = Omit<UpdateTableCommandInput, 'TableName'>;

/** What stands is asked, not taken from the template before: a rollback begins wherever the update stopped. */
function changesOf(standing: Standing, wanted: WantedTable['create']): Change[] {
  const changes: Change[] = [];
  const { AttributeDefinitions } = wanted;
  const isOnDemand = wanted.BillingMode === 'PAY_PER_REQUEST';
  const indexes = new Map((wanted.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  const there = new Map((standing?.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index]));
  for (const [name, index] of there) {
    const next = indexes.get(name);
    if (!next || !isSame(index, next)) {
      changes.push({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] });
      there.delete(name);
    }
  }
  const wasOnDemand = standing?.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const units = wanted.ProvisionedThroughput;
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = standing?.ProvisionedThroughput ?? {};
  if (isOnDemand && !wasOnDemand) changes.push({ BillingMode: 'PAY_PER_REQUEST' });
  else if (!isOnDemand && units) {
    const updates = [...there.keys()].flatMap((name): GlobalSecondaryIndexUpdate[] => {
      const wantedUnits = indexes.get(name)?.ProvisionedThroughput;
      const had = there.get(name)?.ProvisionedThroughput;
      const isChanged =
        wantedUnits?.ReadCapacityUnits !== had?.ReadCapacityUnits ||
        wantedUnits?.WriteCapacityUnits !== had?.WriteCapacityUnits;
      return wantedUnits && isChanged ? [{ Update: { IndexName: name, ProvisionedThroughput: wantedUnits } }] : [];
    });
    const isChanged = wasOnDemand || units.ReadCapacityUnits !== read || units.WriteCapacityUnits !== write;
    if (isChanged || updates.length > 0) {
      changes.push({
        ...(isChanged && { BillingMode: 'PROVISIONED', ProvisionedThroughput: units }),
        ...(updates.length > 0 && { GlobalSecondaryIndexUpdates: updates }),
      });
    }
  }
  for (const [name, index] of indexes) {
    if (!there.has(name)) {
      changes.push({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create: index }] });
    }
  }
  const view = wanted.StreamSpecification?.StreamViewType;
  const standingView = standing?.StreamSpecification?.StreamViewType;
  if (standingView !== undefined && standingView !== view) {
    changes.push({ StreamSpecification: { StreamEnabled: false } });
  }
  if (view !== undefined && standingView !== view) {
    changes.push({ StreamSpecification: { StreamEnabled: true, StreamViewType: view } });
  }
  const isProtected = wanted.DeletionProtectionEnabled ?? false;
  if (isProtected !== standing?.DeletionProtectionEnabled) changes.push({ DeletionProtectionEnabled: isProtected });
  const tableClass = wanted.TableClass ?? 'STANDARD';
  if (tableClass !== (standing?.TableClassSummary?.TableClass ?? 'STANDARD')) changes.push({ TableClass: tableClass });
  return changes;
}

const isSame = (
  standing: Partial<Pick<GlobalSecondaryIndex, 'KeySchema' | 'Projection'>>,
  wanted: GlobalSecondaryIndex,
): boolean =>
  JSON.stringify([standing.KeySchema, standing.Projection]) === JSON.stringify([wanted.KeySchema, wanted.Projection]);

/** Settings that have operations of their own. */
async function settle(
  name: string,
  wanted: WantedTable,
  previous: WantedTable | undefined,
  surroundings: Surroundings,
): Promise<void> {
  const { dynamodb } = surroundings.calls;
  const { TimeToLiveDescription: ttl } = await dynamodb.DescribeTimeToLive({ TableName: name });
  const attribute = wanted.timeToLive?.Enabled ? wanted.timeToLive.AttributeName : undefined;
  if (ttl?.AttributeName !== attribute) {
    for (const [AttributeName, Enabled] of [
      [ttl?.AttributeName, false],
      [attribute, true],
    ] as const) {
      if (AttributeName === undefined) continue;
      await dynamodb.UpdateTimeToLive({ TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } });
    }
  }
  if (JSON.stringify(wanted.recovery) !== JSON.stringify(previous?.recovery)) {
    await dynamodb.UpdateContinuousBackups({
      TableName: name,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: false,
        ...wanted.recovery,
      },
    });
  }
  await settleKinesis(name, wanted.kinesis, surroundings);
}

async function settleKinesis(name: string, wanted: WantedTable['kinesis'], surroundings: Surroundings): Promise<void> {
  const { dynamodb } = surroundings.calls;
  const list = async () =>
    (await dynamodb.DescribeKinesisStreamingDestination({ TableName: name })).KinesisDataStreamDestinations ?? [];
  const enabled = (await list()).filter(({ DestinationStatus }) => DestinationStatus === 'ACTIVE');
  for (const { StreamArn } of enabled) {
    if (StreamArn !== wanted?.StreamArn)
      await dynamodb.DisableKinesisStreamingDestination({ TableName: name, StreamArn });
  }
  if (!wanted || enabled.some(({ StreamArn }) => StreamArn === wanted.StreamArn)) return;
  const { StreamArn, ApproximateCreationDateTimePrecision } = wanted;
  await dynamodb.EnableKinesisStreamingDestination({
    TableName: name,
    StreamArn,
    ...(ApproximateCreationDateTimePrecision && {
      EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision },
    }),
  });
  await waitUntil(`Kinesis destination of table ${name}`, surroundings, async () =>
    (await list()).some((found) => found.StreamArn === StreamArn && found.DestinationStatus === 'ACTIVE'),
  );
}

const untilActive = (name: string, surroundings: Surroundings): Promise<void> =>
  waitUntil(`Table ${name}`, surroundings, async () => (await describe(name, surroundings))?.TableStatus === 'ACTIVE');

async function describe(name: string, { calls }: Pick<Surroundings, 'calls'>): Promise<Standing> {
  try {
    return (await calls.dynamodb.DescribeTable({ TableName: name })).Table;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function provisioned(name: string, surroundings: Surroundings): Promise<Provisioned> {
  const table = await describe(name, surroundings);
  return {
    physicalId: name,
    attributes: { Arn: table?.TableArn, StreamArn: table?.LatestStreamArn, TableId: table?.TableId },
  };
}
