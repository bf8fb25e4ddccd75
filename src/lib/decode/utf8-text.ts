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
