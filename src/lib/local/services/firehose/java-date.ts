// The part of Java's DateTimeFormatter that object keys are made with.
// https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html

/** A date and time of a time zone, as numbers. */
interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

type Write = (time: LocalTime, width: number) => string;

const padded = (value: number, width: number): string => String(value).padStart(width, '0');
const utcOf = ({ year, month, day }: LocalTime): number => Date.UTC(year, month - 1, day);
const named = (time: LocalTime, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(utcOf(time));

const year: Write = (time, width) => (width === 2 ? padded(time.year % 100, 2) : padded(time.year, width));

const LETTERS: Readonly<Record<string, { most: number; write: Write }>> = {
  y: { most: 9, write: year },
  u: { most: 9, write: year },
  M: {
    most: 4,
    write: (time, width) =>
      width < 3 ? padded(time.month, width) : named(time, { month: width === 3 ? 'short' : 'long' }),
  },
  d: { most: 2, write: ({ day }, width) => padded(day, width) },
  D: {
    most: 3,
    write: (time, width) => padded((utcOf(time) - Date.UTC(time.year, 0, 1)) / 86_400_000 + 1, width),
  },
  E: { most: 4, write: (time, width) => named(time, { weekday: width < 4 ? 'short' : 'long' }) },
  H: { most: 2, write: ({ hour }, width) => padded(hour, width) },
  h: { most: 2, write: ({ hour }, width) => padded(hour % 12 || 12, width) },
  a: { most: 1, write: ({ hour }) => (hour < 12 ? 'AM' : 'PM') },
  m: { most: 2, write: ({ minute }, width) => padded(minute, width) },
  s: { most: 2, write: ({ second }, width) => padded(second, width) },
  S: { most: 9, write: ({ millisecond }, width) => padded(millisecond, 3).padEnd(9, '0').slice(0, width) },
};

/** Letters of one kind, text in quotes, or a character that stands for itself. */
const PARTS = /'((?:[^']|'')*)'|([A-Za-z])\2*|./gsu;

/** What is wrong with a pattern, in a few words; undefined if it can be written. */
export function javaDateFault(pattern: string): string | undefined {
  for (const [part, , letter] of pattern.matchAll(PARTS)) {
    if (part === "'") return 'a quote is not closed';
    if (letter !== undefined && part.length > (LETTERS[letter]?.most ?? 0)) return `"${part}" is not supported`;
    if (/[{}[\]#]/.test(part) && !part.startsWith("'")) return `"${part}" is reserved`;
  }
  return undefined;
}

/** Writes a time by a pattern without faults. @param zone a name of the time zone database, such as `Asia/Tokyo` */
export function formatJavaDate(pattern: string, epochMs: number, zone: string): string {
  const time = localTime(epochMs, zone);
  return pattern.replace(PARTS, (part: string, quoted?: string, letter?: string) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'");
    return letter === undefined ? part : (LETTERS[letter]?.write(time, part.length) ?? part);
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(epochMs: number, zone: string): LocalTime {
  let format = formats.get(zone);
  if (!format) {
    const numeric = 'numeric' as const;
    const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
    formats.set(zone, (format = new Intl.DateTimeFormat('en-US', { ...fields, hourCycle: 'h23', timeZone: zone })));
  }
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
    millisecond: ((epochMs % 1000) + 1000) % 1000,
  };
}

/** Whether the time zone database has this name. */
export function isTimeZone(name: string): boolean {
  try {
    localTime(0, name);
    return true;
  } catch {
    return false;
  }
}
