import type { PlainRoute } from './wire/dispatch.js';

/** The newest are kept; a run asks several times a second. */
const MOST_NOTES = 1000;
const MOST_BYTES = 16 * 1024 * 1024;

/** A batch of which an invocation, though it succeeded, reported items as failed: nothing of that is in a log. */
export interface ItemFailure {
  functionName: string;
  requestId: string;
  /** The event of the items from the first failed one on, as JSON: those come again, or are given up. */
  event: string;
}

export interface ItemFailures {
  note(failure: ItemFailure): void;
  of(functionName: string): ItemFailure[];
}

export function createItemFailures(): ItemFailures {
  let notes: ItemFailure[] = [];
  let bytes = 0;
  return {
    note(failure) {
      notes.push(failure);
      bytes += failure.event.length;
      while (notes.length > MOST_NOTES || (bytes > MOST_BYTES && notes.length > 1)) {
        bytes -= notes[0]?.event.length ?? 0;
        notes = notes.slice(1);
      }
    },
    of: (functionName) => notes.filter((note) => note.functionName === functionName),
  };
}

/** `GET /_pipectl/item-failures?function=NAME`: `{"failures": [{"functionName", "requestId", "event"}]}`, oldest first. */
export function itemFailuresRoute(failures: ItemFailures): PlainRoute {
  return ({ method, path, query }) => {
    if (path !== '/_pipectl/item-failures' || method !== 'GET') return undefined;
    const reply = () => {
      const body = JSON.stringify({ failures: failures.of(query.find(([name]) => name === 'function')?.[1] ?? '') });
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    };
    return { openTo: 'program', reply };
  };
}
