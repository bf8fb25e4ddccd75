// The head of the MD5 of a short text. A call into Node's crypto costs more than the hash itself for a dozen bytes, and aggregation hashes every
// key: this is four times as fast, and checked against crypto's in the tests.

const SINES = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);
/** Which word of the block each step takes. */
const WORDS = Uint8Array.from({ length: 64 }, (_, step) => {
  const round = step >> 4;
  const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0;
  return word % 16;
});
const LONGEST = 55;
const block = new Int32Array(16);

/** What a step adds besides the state: its constant, and its word of the block. */
const input = (step: number): number => ((SINES[step] as number) + (block[WORDS[step] as number] as number)) | 0;

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
  // Four steps a turn, so that the words keep their places and the rotations are constants: twice as fast as a step a turn.
  for (let step = 0; step < 16; step += 4) {
    a = (a + ((b & c) | (~b & d)) + input(step)) | 0;
    a = (b + ((a << 7) | (a >>> 25))) | 0;
    d = (d + ((a & b) | (~a & c)) + input(step + 1)) | 0;
    d = (a + ((d << 12) | (d >>> 20))) | 0;
    c = (c + ((d & a) | (~d & b)) + input(step + 2)) | 0;
    c = (d + ((c << 17) | (c >>> 15))) | 0;
    b = (b + ((c & d) | (~c & a)) + input(step + 3)) | 0;
    b = (c + ((b << 22) | (b >>> 10))) | 0;
  }
  for (let step = 16; step < 32; step += 4) {
    a = (a + ((d & b) | (~d & c)) + input(step)) | 0;
    a = (b + ((a << 5) | (a >>> 27))) | 0;
    d = (d + ((c & a) | (~c & b)) + input(step + 1)) | 0;
    d = (a + ((d << 9) | (d >>> 23))) | 0;
    c = (c + ((b & d) | (~b & a)) + input(step + 2)) | 0;
    c = (d + ((c << 14) | (c >>> 18))) | 0;
    b = (b + ((a & c) | (~a & d)) + input(step + 3)) | 0;
    b = (c + ((b << 20) | (b >>> 12))) | 0;
  }
  for (let step = 32; step < 48; step += 4) {
    a = (a + (b ^ c ^ d) + input(step)) | 0;
    a = (b + ((a << 4) | (a >>> 28))) | 0;
    d = (d + (a ^ b ^ c) + input(step + 1)) | 0;
    d = (a + ((d << 11) | (d >>> 21))) | 0;
    c = (c + (d ^ a ^ b) + input(step + 2)) | 0;
    c = (d + ((c << 16) | (c >>> 16))) | 0;
    b = (b + (c ^ d ^ a) + input(step + 3)) | 0;
    b = (c + ((b << 23) | (b >>> 9))) | 0;
  }
  for (let step = 48; step < 64; step += 4) {
    a = (a + (c ^ (b | ~d)) + input(step)) | 0;
    a = (b + ((a << 6) | (a >>> 26))) | 0;
    d = (d + (b ^ (a | ~c)) + input(step + 1)) | 0;
    d = (a + ((d << 10) | (d >>> 22))) | 0;
    c = (c + (a ^ (d | ~b)) + input(step + 2)) | 0;
    c = (d + ((c << 15) | (c >>> 17))) | 0;
    b = (b + (d ^ (c | ~a)) + input(step + 3)) | 0;
    b = (c + ((b << 21) | (b >>> 11))) | 0;
  }
  const head = (a + 0x67452301) | 0;
  return ((head & 0xff) << 8) | ((head >>> 8) & 0xff);
}
