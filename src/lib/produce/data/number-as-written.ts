const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,:\]}]+/y;
const SPACE = /\s*/y;

/**
 * The digits of a number in JSON, as they are written: JSON.parse makes 9007199254740992 of 9007199254740993, and 1.1 of 1.10.
 * @param text valid JSON with a number at `path`
 * @param path names of members, or positions in arrays
 */
export function numberAsWritten(text: string, path: readonly string[]): string {
  let at = skip(SPACE, text, 0);
  for (const name of path) at = memberAt(text, at, name);
  return text.slice(at, skip(SCALAR, text, at));
}

/** Where the value of a member begins. Of members with one name the last one counts, as for JSON.parse. */
function memberAt(text: string, start: number, name: string): number {
  const isArray = text[start] === '[';
  let found = -1;
  let at = skip(SPACE, text, start + 1);
  for (let index = 0; text[at] !== ']' && text[at] !== '}'; index++) {
    let key = String(index);
    if (!isArray) {
      const end = skip(STRING, text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = skip(SPACE, text, skip(SPACE, text, end) + 1); // the colon
    }
    if (key === name) found = at;
    at = skip(SPACE, text, endOfValue(text, at));
    if (text[at] === ',') at = skip(SPACE, text, at + 1);
  }
  if (found === -1) throw new Error(`no ${name} in ${text.slice(0, 80)}`);
  return found;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    if (char === '"') at = skip(STRING, text, at);
    else if (char === '{' || char === '[' || char === '}' || char === ']') {
      depth += char === '{' || char === '[' ? 1 : -1;
      at += 1;
    } else if (depth > 0 && (char === ',' || char === ':')) at += 1;
    else at = skip(SCALAR, text, at);
    if (depth > 0) at = skip(SPACE, text, at);
  } while (depth > 0);
  return at;
}

/** Where what matches at a place ends. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
