import type { Activity } from './activity.js';
import type { PlainRoute } from './wire/dispatch.js';

/** Enough to see what is meant, and little to send if thousands wait. */
const MOST_NAMED = 1000;

/** `GET /_pipectl/settled`: `{"settled": false, "count": 1, "pending": [{"id": "7", "what": "invocation of loader"}]}`, the first 1,000 of them. */
export function settledRoute(activity: Activity): PlainRoute {
  return ({ method, path }) => {
    if (path !== '/_pipectl/settled' || method !== 'GET') return undefined;
    const reply = () => {
      const pending = activity.pending();
      const value = { settled: pending.length === 0, count: pending.length, pending: pending.slice(0, MOST_NAMED) };
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
    };
    return { openTo: 'link', reply };
  };
}
