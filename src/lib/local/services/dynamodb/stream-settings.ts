import type { ViewType } from '../dynamodb-streams/table-stream.js';
import { invalid, invalidValues } from './dynamodb-errors.js';
import type { DynamoDbState } from './dynamodb-state.js';
import type { Table } from './table.js';

interface StreamSpecification {
  StreamEnabled: boolean | undefined;
  StreamViewType?: string | undefined;
}

/** The view of a stream that is to be enabled; undefined for none. @throws AwsError ValidationException */
export function viewOf(specification: StreamSpecification | undefined): ViewType | undefined {
  if (!specification) return undefined;
  const { StreamEnabled: isEnabled, StreamViewType: view } = specification;
  if (isEnabled && view === undefined) {
    throw invalidValues('Table is being created with a stream but no StreamViewType is specified');
  }
  if (!isEnabled && view !== undefined) {
    throw invalidValues('StreamViewType should not be specified when StreamEnabled is false');
  }
  return view as ViewType | undefined;
}

/** @throws AwsError ValidationException for what the table has already */
export function checkStreamChange({ stream, name }: Table, view: ViewType | undefined): void {
  const isEnabled = stream?.status === 'ENABLED';
  if (view !== undefined && isEnabled) throw invalid(`Table already has an enabled stream: TableName: ${name}`);
  if (view === undefined && !isEnabled) throw invalid('Table does not have a stream to disable');
}

/** A stream of its own each time: an earlier one can be read for 24 hours. */
export function enableStream(state: DynamoDbState, table: Table, view: ViewType, region: string): void {
  const label = new Date(state.nowMs).toISOString().replace('Z', '');
  const arn = `${table.arn}/stream/${label}`;
  const stream = state.streams.create(region, {
    arn,
    label,
    tableName: table.name,
    key: table.items.key,
    view,
    createdMs: state.nowMs,
  });
  table.stream = stream;
  table.feeds.add(stream);
}

export function disableStream(table: Table): void {
  if (!table.stream) return;
  table.stream.disable(table.now());
  table.feeds.delete(table.stream);
}
