// What a function is invoked with: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
import type { BatchRecord, EventAddress } from '../../../batching/batch.js';
import type { WindowPart } from '../../../batching/tumbling-window.js';
import { itemText } from '../dynamodb/item-text.js';
import type { StreamRecord } from './stream-record.js';
import type { ViewType } from './table-stream.js';

/** A change on its way to a function. */
export interface ChangeRecord extends BatchRecord {
  change: StreamRecord;
  view: ViewType;
}

export function toEvent(records: readonly ChangeRecord[], source: EventAddress, window?: WindowPart): Buffer {
  const texts = records.map((record) => recordText(record, source));
  const more = window === undefined ? '' : `,${JSON.stringify(window).slice(1, -1)}`;
  return Buffer.from(`{"Records":[${texts.join(',')}]${more}}`);
}

function recordText({ change, view }: ChangeRecord, { region, eventSourceArn }: EventAddress): string {
  const images = [
    change.newImage && `"NewImage":${itemText(change.newImage)},`,
    change.oldImage && `"OldImage":${itemText(change.oldImage)},`,
  ];
  const identity = change.byService ? ',"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"}' : '';
  return (
    `{"eventID":"${change.eventID}","eventName":"${change.eventName}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"${region}",` +
    `"dynamodb":{"ApproximateCreationDateTime":${change.createdSeconds},"Keys":${itemText(change.keys)},${images.filter(Boolean).join('')}` +
    `"SequenceNumber":"${change.sequenceNumber}","SizeBytes":${change.sizeBytes},"StreamViewType":"${view}"},` +
    `"eventSourceARN":${JSON.stringify(eventSourceArn)}${identity}}`
  );
}

/** Bytes that a record takes in the event, a little too many rather than too few. */
export function eventBytes({ change }: ChangeRecord, { eventSourceArn }: EventAddress): number {
  const items = [change.keys, change.newImage, change.oldImage];
  return items.reduce((sum, item) => sum + (item ? Buffer.byteLength(itemText(item)) : 0), 500 + eventSourceArn.length);
}

const NOWHERE: EventAddress = { eventSourceArn: '', region: '', roleArn: '' };

/** Filter patterns see the record as the function would. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html */
export const filterable = (record: ChangeRecord): object => JSON.parse(recordText(record, NOWHERE)) as object;

export const textOf = (record: ChangeRecord): string => recordText(record, NOWHERE);
