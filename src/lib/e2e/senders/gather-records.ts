/** "Each PutRecords request can support up to 500 records"; of the bytes it takes less than AWS does, as some endpoints do. */
const MOST_RECORDS = 500;
const MOST_BYTES = 4 * 1024 * 1024;
/** While fewer calls are under way, a record goes at once and alone. */
const MOST_CALLS = 4;

export interface OutgoingRecord {
  PartitionKey: string;
  Data: Uint8Array;
}

/** Puts records, in one call. @returns those that were not taken @throws when none was */
export type PutTogether = (records: readonly OutgoingRecord[]) => Promise<readonly OutgoingRecord[]>;

interface Waiting {
  record: OutgoingRecord;
  taken(): void;
  refused(error: unknown): void;
}

/**
 * Puts each record at once while few calls are under way, and gathers those that come while more are. A record that the stream refuses out of
 * many goes again alone: then `putAlone` retries, and its error is the record's own.
 * @returns puts one record; resolves when the stream has it
 */
export function gatherRecords(
  putTogether: PutTogether,
  putAlone: (record: OutgoingRecord) => Promise<void>,
): (record: OutgoingRecord) => Promise<void> {
  const waiting: Waiting[] = [];
  let calls = 0;

  const putAll = async (batch: readonly Waiting[]): Promise<void> => {
    let alone = new Set(batch.map(({ record }) => record));
    if (batch.length > 1) alone = new Set(await putTogether(batch.map(({ record }) => record)));
    await Promise.all(
      batch.map(async ({ record, taken, refused }) => {
        try {
          if (alone.has(record)) await putAlone(record);
          taken();
        } catch (error) {
          refused(error);
        }
      }),
    );
  };
  const begin = async (): Promise<void> => {
    calls += 1;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, fitting(waiting));
      await putAll(batch).catch((error: unknown) => {
        for (const { refused } of batch) refused(error);
      });
    }
    calls -= 1;
  };
  return (record) =>
    new Promise((taken, refused) => {
      waiting.push({ record, taken, refused });
      if (calls < MOST_CALLS) void begin();
    });
}

/** How many of those that wait go into one call; at least one. */
function fitting(waiting: readonly Waiting[]): number {
  let bytes = 0;
  const fit = waiting.findIndex(({ record }, index) => {
    bytes += record.Data.byteLength + Buffer.byteLength(record.PartitionKey);
    return index === MOST_RECORDS || (index > 0 && bytes > MOST_BYTES);
  });
  return fit < 0 ? waiting.length : fit;
}
