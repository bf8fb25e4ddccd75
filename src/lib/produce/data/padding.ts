// Records made as long as asked for: a JSON object by a last member, `padding`; anything else, and an object with no room for the member, by
// spaces, which JSON allows behind a value. A record that is already longer stays as it is.

const PAD_MEMBER = ',"padding":""'.length;
const SPACE = 0x20;
const CLOSE = 0x7d;

export function padText(text: string, sizeBytes: number): string {
  const missing = sizeBytes - Buffer.byteLength(text);
  if (missing <= 0) return text;
  if (missing < PAD_MEMBER || !isObject(text)) return text + ' '.repeat(missing);
  return `${text.slice(0, -1)},"padding":"${'x'.repeat(missing - PAD_MEMBER)}"}`;
}

/**
 * The same for bytes, none of which is changed.
 * @param json whether they are JSON: only then may a brace at the end be an object's
 */
export function padBytes(bytes: Buffer, sizeBytes: number, json: boolean): Buffer {
  const missing = sizeBytes - bytes.length;
  if (missing <= 0) return bytes;
  const member =
    json && missing >= PAD_MEMBER && bytes[bytes.length - 1] === CLOSE && isObject(bytes.toString('latin1'));
  const padding = member
    ? Buffer.from(`,"padding":"${'x'.repeat(missing - PAD_MEMBER)}"}`)
    : Buffer.alloc(missing, SPACE);
  return Buffer.concat([member ? bytes.subarray(0, -1) : bytes, padding]);
}

/** Whether JSON text is an object with a member, to which another can be added behind a comma. */
const isObject = (text: string): boolean => /^\s*\{\s*".*\}$/s.test(text);
