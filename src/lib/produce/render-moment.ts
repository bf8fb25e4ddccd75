import type { ChalkInstance } from 'chalk';
import { formatByteSize } from '../shared/byte-size.js';
import { number, plural } from '../shared/count-words.js';
import { formatDuration } from '../shared/duration.js';
import { formatRecordRate } from './rate.js';
import type { LoadMoment } from './watch-load.js';

const SEPARATOR = ' · ';
/** Below it a second holds too few records to show a rate by. */
const SLOW_PER_SECOND = 10;
const LONG_WAIT_MS = 2000;

export interface MomentOptions {
  /** Columns there are for it: what matters least is left out until it fits. */
  width?: number | undefined;
  /** No more records are taken up. */
  stopping?: boolean;
}

/** One line of what is happening, for the terminal and for logs. */
export function renderMoment(moment: LoadMoment, style: ChalkInstance, options: MomentOptions = {}): string {
  const { width = Number.POSITIVE_INFINITY, stopping = false } = options;
  const { targetPerSecond, totalDue, totalThrottled, totalFailed, totalFailedCalls, p50Ms, p99Ms, nextInMs } = moment;
  const sent = number(moment.totalAcknowledged);
  const slow = targetPerSecond !== null && totalDue !== null && targetPerSecond < SLOW_PER_SECOND;
  const parts: [string, (text: string) => string][] = [];
  const add = (text: string, paint: (text: string) => string = String): unknown => parts.push([text, paint]);
  if (stopping) add('finishing what is under way');
  else if (slow) add(`${sent} of ${number(totalDue)} due at ${formatRecordRate(targetPerSecond)}`, style.bold);
  else {
    const target = targetPerSecond === null ? '' : ` of ${number(targetPerSecond)}`;
    add(`${number(moment.acknowledgedPerSecond)}/s${target}`, (text) =>
      text.replace(/^\S+/, (rate) => style.bold(rate)),
    );
  }
  if (totalFailed > 0) add(`${number(totalFailed)} failed`, style.red);
  if (totalFailedCalls > 0) add(`${plural(totalFailedCalls, 'call')} failed`, style.yellow);
  if (totalThrottled > 0) add(`${number(totalThrottled)} throttled`, style.yellow);
  // With a slow rate, or a gap in the times of a file, nothing moves for a while.
  if (!stopping && nextInMs !== null && nextInMs >= LONG_WAIT_MS) add(`next in ${formatDuration(nextInMs)}`);
  if (p50Ms !== null && p99Ms !== null) add(`p50 ${formatDuration(p50Ms)} p99 ${formatDuration(p99Ms)}`);
  if (!slow && !stopping) add(`${formatByteSize(moment.bytesPerSecond)}/s`);
  if (!slow || stopping) add(`${sent} sent`);
  const length = (): number => parts.reduce((sum, [text]) => sum + text.length + SEPARATOR.length, -SEPARATOR.length);
  while (parts.length > 1 && length() > width) parts.pop();
  return parts.map(([text, paint]) => paint(text)).join(SEPARATOR);
}
