import { AwsError } from '../../wire/aws-error.js';

const MOST_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

export interface BatchFailure {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/**
 * Runs one operation for each entry; what is refused for one is told beside what was done for the others.
 * @throws AwsError for a batch that SQS does not take as a whole
 */
export function runBatch<Entry extends { Id: string }, Result>(
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { Successful: (Result & { Id: string })[]; Failed: BatchFailure[] } {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MOST_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const twin = entries.find(({ Id }, index) => entries.findIndex((other) => other.Id === Id) < index);
  if (twin) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twin.Id} repeated.`);
  if (entries.some(({ Id }) => !ENTRY_ID.test(Id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const answer: { Successful: (Result & { Id: string })[]; Failed: BatchFailure[] } = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      answer.Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return answer;
}
