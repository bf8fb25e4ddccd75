// Regular expressions in time proportional to the text. A filter pattern may come from anyone and meet messages of a megabyte: with
// JavaScript's backtracking `%a*a*a*b%` takes minutes on a line of 500 characters. The subset has no groups, so an expression is a
// few alternatives, each a chain of characters that may be skipped or repeated: an automaton whose states are bits, 32 to a word, all of
// them moved at once (G. Navarro and M. Raffinot, Flexible Pattern Matching in Strings, 2002, chapter 5).
import { BitAutomaton, type Place } from './bit-automaton.js';

export interface TextTest {
  test(text: string): boolean;
}

const MOST_PLACES = 1024;
/** Up to this length, and without quantifiers, the engine of the language has little to go back for, and is faster. */
const MOST_NATIVE_LENGTH = 64;
const ATOM = /\[\^?\]?(?:\\.|[^\]\\])*\]|\\x[0-9A-Fa-f]{2}|\\.|[^\\[]/sy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;

/**
 * Compiles the source of a regular expression without groups or back references.
 * @throws SyntaxError when it is none, RangeError when its repetitions multiply to too much
 */
export function compileRegex(source: string): TextTest {
  const native = new RegExp(source);
  const quantified = /[*+?{]/.test(source.replaceAll(/\\./gs, '').replaceAll(/\[[^\]]*\]/g, ''));
  if (!quantified && source.length <= MOST_NATIVE_LENGTH) return native;
  const chains = splitAlternatives(source).map(readChain);
  if (chains.reduce((sum, chain) => sum + chain.length, 0) > MOST_PLACES) throw new RangeError('it repeats too much');
  return new BitAutomaton(chains);
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

/** The characters that one atom takes, by code unit. */
function acceptorOf(atom: string): (code: number) => boolean {
  const one = new RegExp(`^(?:${atom === '^' || atom === '$' ? `\\${atom}` : atom})$`);
  return (code) => one.test(String.fromCharCode(code));
}

function takeAt(sticky: RegExp, source: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(source) ?? undefined;
}
