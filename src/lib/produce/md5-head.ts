// The head of the MD5 of a short text. A call into Node's crypto costs more than the hash itself for a dozen bytes, and aggregation hashes every
// key: this is four times as fast, and checked against crypto's in the tests.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);
/** Which word of the block each step takes. */
const WORDS = Uint8Array.from({ length: 64 }, (_, step) => {
  const round = step >> 4;
  const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0;
  return word % 16;
});
const ROTATIONS = Uint8Array.from({ length: 64 }, (_, step) => SHIFTS[(step >> 4) * 4 + (step & 3)] as number);
const LONGEST = 55;
const block = new Int32Array(16);

/**
 * The first 16 bits of the MD5 of a text, as a number.
 * @returns undefined for a text that is not ASCII, or longer than one block holds
 */
export function md5Head(text: string): number | undefined {
  const { length } = text;
  if (length > LONGEST) return undefined;
  block.fill(0);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return undefined;
    block[index >> 2] = (block[index >> 2] as number) | (code << ((index & 3) << 3));
  }
  block[length >> 2] = (block[length >> 2] as number) | (0x80 << ((length & 3) << 3));
  block[14] = length << 3;

  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  // One loop for each round: a branch in every step would cost a third more.
  for (let step = 0; step < 16; step++) {
    const sum = (a + ((b & c) | (~b & d)) + (SINES[step] as number) + (block[WORDS[step] as number] as number)) | 0;
    const rotation = ROTATIONS[step] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  for (let step = 16; step < 32; step++) {
    const sum = (a + ((d & b) | (~d & c)) + (SINES[step] as number) + (block[WORDS[step] as number] as number)) | 0;
    const rotation = ROTATIONS[step] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  for (let step = 32; step < 48; step++) {
    const sum = (a + (b ^ c ^ d) + (SINES[step] as number) + (block[WORDS[step] as number] as number)) | 0;
    const rotation = ROTATIONS[step] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  for (let step = 48; step < 64; step++) {
    const sum = (a + (c ^ (b | ~d)) + (SINES[step] as number) + (block[WORDS[step] as number] as number)) | 0;
    const rotation = ROTATIONS[step] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  const head = (a + 0x67452301) | 0;
  return ((head & 0xff) << 8) | ((head >>> 8) & 0xff);
}
