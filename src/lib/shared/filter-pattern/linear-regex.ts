// Regular expressions in time proportional to the text. A filter pattern may come from anyone and meet messages of a megabyte: with
// JavaScript's backtracking `%a*a*a*b%` takes minutes on a line of 500 characters. The subset has no groups, so an expression is a
// few alternatives, each a chain of characters that may be skipped or repeated: an automaton that needs no backtracking.

export interface TextTest {
  test(text: string): boolean;
}

/** One place in a chain: what it consumes, whether it may be left out, whether it may come again. */
interface Place {
  /** `^` and `$` consume nothing and hold at one end of the text. */
  anchor?: 'start' | 'end';
  accepts(code: number): boolean;
  optional: boolean;
  repeats: boolean;
}

const MOST_PLACES = 2000;
const ATOM = /\[\^?\]?(?:\\.|[^\]\\])*\]|\\x[0-9A-Fa-f]{2}|\\.|[^\\[]/sy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;

/**
 * Compiles the source of a regular expression without groups or back references.
 * @throws SyntaxError when it is none, RangeError when its repetitions multiply to too much
 */
export function compileRegex(source: string): TextTest {
  const native = new RegExp(source);
  // Without a quantifier of variable length there is nothing to go back for, and the engine of the language is faster.
  if (!/[*+?]|\{\d+,/.test(source.replaceAll(/\\./gs, '').replaceAll(/\[[^\]]*\]/g, ''))) return native;
  const chains = splitAlternatives(source).map(readChain);
  return { test: (text) => chains.some((chain) => search(chain, text)) };
}

function splitAlternatives(source: string): string[] {
  const alternatives = [''];
  for (let at = 0; at < source.length; ) {
    const atom = takeAt(ATOM, source, at)?.[0] ?? source.charAt(at);
    at += atom.length;
    if (atom === '|') alternatives.push('');
    else alternatives[alternatives.length - 1] += atom;
  }
  return alternatives;
}

function readChain(source: string): Place[] {
  const chain: Place[] = [];
  for (let at = 0; at < source.length; ) {
    const atom = takeAt(ATOM, source, at)?.[0] ?? source.charAt(at);
    at += atom.length;
    const quantifier = takeAt(QUANTIFIER, source, at);
    at += quantifier?.[0].length ?? 0;
    const [least, most] = boundsOf(quantifier);
    const anchor: Place['anchor'] = atom === '^' ? 'start' : atom === '$' ? 'end' : undefined;
    const place: Place = { accepts: acceptorOf(atom), optional: false, repeats: false, ...(anchor && { anchor }) };
    const unbounded = most === Number.POSITIVE_INFINITY;
    if (chain.length + (unbounded ? least : most) > MOST_PLACES) throw new RangeError('it repeats too much');
    for (let copy = 1; copy < least; copy += 1) chain.push(place);
    if (least > 0) chain.push({ ...place, repeats: unbounded });
    else if (unbounded) chain.push({ ...place, optional: true, repeats: true });
    if (!unbounded) for (let copy = least; copy < most; copy += 1) chain.push({ ...place, optional: true });
  }
  return chain;
}

function boundsOf(quantifier: RegExpExecArray | undefined): [least: number, most: number] {
  if (!quantifier) return [1, 1];
  const [, symbol, least, comma, most] = quantifier;
  if (symbol !== undefined) return [symbol === '+' ? 1 : 0, symbol === '?' ? 1 : Number.POSITIVE_INFINITY];
  const from = Number(least);
  if (comma === undefined) return [from, from];
  return [from, most ? Number(most) : Number.POSITIVE_INFINITY];
}

/** A table for ASCII, and the language's own judgement beyond. */
function acceptorOf(atom: string): (code: number) => boolean {
  const one = new RegExp(`^(?:${atom === '^' || atom === '$' ? `\\${atom}` : atom})$`);
  const table = Uint8Array.from({ length: 128 }, (_, code) => (one.test(String.fromCharCode(code)) ? 1 : 0));
  return (code) => (code < 128 ? table[code] === 1 : one.test(String.fromCharCode(code)));
}

/** Whether the chain fits anywhere in the text: all places that may be reached are followed at once. */
function search(chain: readonly Place[], text: string): boolean {
  const end = chain.length;
  let reached: number[] = [];
  // The last position at which a place was entered, so that none is entered twice.
  const enteredAt = new Int32Array(end + 1).fill(-1);
  for (let position = 0; ; position += 1) {
    const here: number[] = [];
    const enter = (from: number): boolean => {
      for (let index = from; enteredAt[index] !== position; index += 1) {
        enteredAt[index] = position;
        if (index === end) return true;
        const place = chain[index];
        if (!place) return false;
        if (place.anchor === undefined) here.push(index);
        const passes = place.anchor === 'start' ? position === 0 : place.anchor === 'end' && position === text.length;
        if (!passes && !place.optional) return false;
      }
      return false;
    };
    for (const index of reached) if (enter(index)) return true;
    if (enter(0)) return true;
    if (position === text.length) return false;
    const code = text.charCodeAt(position);
    reached = [];
    for (const index of here) {
      const place = chain[index];
      if (!place?.accepts(code)) continue;
      if (place.repeats) reached.push(index);
      reached.push(index + 1);
    }
  }
}

function takeAt(sticky: RegExp, source: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(source) ?? undefined;
}
