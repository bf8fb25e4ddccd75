import type { ChalkInstance } from 'chalk';
import { clockTime } from '../shared/clock-time.js';
import { printableText } from '../shared/printable-text.js';
import { readLogLine } from './log-line.js';
import { paintJson } from './paint-json.js';
import type { LogEvent } from './read-log-events.js';

/**
 * One event as a person reads it: local time, level, text; JSON in colours, Lambda's own lines dimmed. Whatever a function wrote, it cannot act on
 * the terminal.
 * In a pipe a line is `time TAB stream TAB message`, whole, with its line breaks as `\n`, so that each event is one line.
 */
export function renderLogEvent(event: LogEvent, { style, isTTY }: { style: ChalkInstance; isTTY: boolean }): string {
  if (!isTTY) {
    const time = new Date(event.timestamp).toISOString();
    return `${time}\t${event.logStream}\t${event.message.trimEnd().replaceAll('\r', '\\r').replaceAll('\n', '\\n')}\n`;
  }
  return renderLogLine(event, style);
}

/** @param requestIds whether the first eight characters of each line's request ID are shown, where the line has one */
export function renderLogLine(
  event: Pick<LogEvent, 'timestamp' | 'message'>,
  style: ChalkInstance,
  requestIds = false,
): string {
  const line = readLogLine(event.message);
  const id = requestIds && line.requestId !== undefined ? ` ${line.requestId.slice(0, 8)}` : '';
  const clock = style.dim(`${clockTime(event.timestamp)}${id}`);
  if (line.kind === 'platform') return `${clock} ${style.dim(printableText(line.text))}\n`;
  const level = line.level === undefined ? '' : `${paintLevel(line.level, style)} `;
  const text =
    line.kind === 'json' ? paintJson(line.json, style, 0) : printableText(line.text, { colors: style.level > 0 });
  return `${clock} ${level}${text}\n`;
}

function paintLevel(level: string, style: ChalkInstance): string {
  if (/^(ERROR|FATAL|CRITICAL)$/.test(level)) return style.red.bold(level);
  if (/^WARN(ING)?$/.test(level)) return style.yellow(level);
  return style.blue(level);
}

/** One event for a program: the event, and what its message parsed to. */
export function logEventJson(event: LogEvent): object {
  const { level, json } = readLogLine(event.message);
  return {
    timestamp: new Date(event.timestamp).toISOString(),
    logStream: event.logStream,
    message: event.message,
    ...(level !== undefined && { level }),
    ...(json !== undefined && { json }),
    ...(event.ingestionTime !== undefined && { ingestionTime: new Date(event.ingestionTime).toISOString() }),
    ...(event.eventId !== undefined && { eventId: event.eventId }),
  };
}
