/**
 * The texts of JSON objects and arrays that follow one another, with or without space between: Firehose and programs that forget the line
 * feed write them so. Only where each ends is looked at; whether it is JSON is for its reader to see.
 * @returns undefined unless all of the text is such values, two at least; 'too many' when there are more than `most`
 */
export function splitJsonSequence(text: string, most: number): string[] | 'too many' | undefined {
  const values: string[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const end = endOfValue(text, at);
    if (end === undefined) return undefined;
    if (values.length >= most) return 'too many';
    values.push(text.slice(at, end));
    at = skipSpace(text, end);
  }
  return values.length < 2 ? undefined : values;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the object or array that begins here ends. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        if (depth === 0) return undefined;
        at = endOfString(text, at);
        break;
      case 0x7b:
      case 0x5b:
        depth += 1;
        break;
      case 0x7d:
      case 0x5d:
        depth -= 1;
        if (depth === 0) return at + 1;
        if (depth < 0) return undefined;
        break;
      default:
        if (depth === 0) return undefined;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length && text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at += 1;
  return at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
