import type { FilterCriteria } from '@aws-sdk/client-lambda';
import type { KinesisRecord } from '../../../../batching/kinesis-event.js';
import { invalidParameter } from '../lambda-error.js';
import { compilePattern, PatternError } from './event-pattern.js';

const MOST_FILTERS = 5;
const PATTERN_CHARACTERS = 4096;

export type RecordFilter = (record: KinesisRecord) => boolean;

/**
 * Compiles a mapping's filter criteria: a record passes when one of the filters matches.
 * @throws AwsError InvalidParameterValueException
 */
export function compileFilter(criteria: Pick<FilterCriteria, 'Filters'> | undefined): RecordFilter | undefined {
  const filters = criteria?.Filters ?? [];
  if (filters.length === 0) return undefined;
  if (filters.length > MOST_FILTERS) {
    throw invalidParameter(`A mapping has at most ${MOST_FILTERS} filters; ${filters.length} were given.`);
  }
  const matchers = filters.map(({ Pattern: pattern = '' }) => {
    if (pattern.length > PATTERN_CHARACTERS) {
      throw invalidParameter(`Invalid filter pattern definition: it is longer than ${PATTERN_CHARACTERS} characters.`);
    }
    try {
      return compilePattern(pattern);
    } catch (error) {
      if (error instanceof PatternError) throw invalidParameter(`Invalid filter pattern definition: ${error.message}.`);
      throw error;
    }
  });
  return (record) => {
    const value = filterable(record);
    return matchers.some((matches) => matches(value));
  };
}

/** What a pattern sees: the record's metadata, and under `data` its body as JSON, or as text where it is none. */
function filterable(record: KinesisRecord): object {
  const text = Buffer.from(record.data.buffer, record.data.byteOffset, record.data.byteLength).toString('utf8');
  let data: unknown = text;
  try {
    data = JSON.parse(text);
  } catch {
    // no JSON: only patterns over text or metadata can match
  }
  return {
    kinesisSchemaVersion: '1.0',
    partitionKey: record.partitionKey,
    sequenceNumber: record.sequenceNumber,
    approximateArrivalTimestamp: record.arrivedMs / 1000,
    data,
  };
}
