const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The bytes as text when they are UTF-8, a byte order mark removed; undefined when they are not. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

// Everything a person would call text: no control characters but tab, line feed, carriage return and the escape of terminal colours.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/;

/** True for text that is meant to be read, false for binary data that happens to be valid UTF-8. */
export function isReadable(text: string): boolean {
  return !CONTROL.test(text);
}

/** The bytes as text, where they are UTF-8 and read well. */
export function readableText(bytes: Uint8Array): string | undefined {
  const text = utf8Text(bytes);
  return text !== undefined && isReadable(text) ? text : undefined;
}

/** One control character among so many others is part of a text, such as a form feed or a separator. */
const CHARS_PER_CONTROL = 16;

/** The bytes as text, where they are UTF-8 with single control characters in it; shown with escapes, they cannot act on a terminal. */
export function textWithControls(bytes: Uint8Array): string | undefined {
  const text = utf8Text(bytes);
  if (text === undefined) return undefined;
  let most = text.length / CHARS_PER_CONTROL;
  for (let at = 0; at < text.length && most >= 0; at++) if (CONTROL.test(text[at] ?? '')) most -= 1;
  return most >= 0 ? text : undefined;
}
