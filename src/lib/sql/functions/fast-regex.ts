// The patterns of FAST_REGEX_LOG_PARSE (SQL Reference, "FAST_REGEX_LOG_PARSER"): no way back. A part that repeats takes as little as lets the fixed
// characters behind it follow, and as much as it can when nothing fixed is behind it.

/** One place of a pattern: a kind of character, and how often it may come. */
interface Item {
  readonly accepts: (char: string) => boolean;
  readonly most: number;
  /** Exactly one character. */
  readonly fixed: boolean;
}

interface FastPattern {
  readonly items: readonly Item[];
  /** Where each group begins and ends, as a number of items before it. */
  readonly groups: readonly { readonly from: number; readonly to: number }[];
}

const NAMED: Record<string, string> = {
  Digit: '0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  ASCII: '\\u0000-\\u007F',
  Alpha: 'A-Za-z',
  Alnum: 'A-Za-z0-9',
  Punct: '!-/:-@\\[-`{-~',
  Blank: ' \\t',
  Space: ' \\t\\n\\f\\r\\u000B',
  Cntrl: '\\u0000-\\u001F\\u007F',
  XDigit: '0-9a-fA-F',
  Print: '!-~',
  Graph: '!-~',
};
const MOST_REPEATS = 1000;
const ATOM = /<(\w+)>|\[((?:\\.|[^\]\\])+)\]|"([^"]*)"|\\([\s\S])|([()|&#])|([\s\S])/y;
const QUANTIFIER = /[?*+]|\{(\d+)(?:(,)(\d*))?\}/y;

/** @returns a function that gives the groups' texts, or undefined where the text does not match. @throws SyntaxError for what is not supported */
export function compileFastRegex(source: string): { groupCount: number; match(text: string): string[] | undefined } {
  const pattern = parse(source);
  return { groupCount: pattern.groups.length, match: (text) => matchFast(pattern, text) };
}

function parse(source: string): FastPattern {
  const items: Item[] = [];
  const groups: { from: number; to: number }[] = [];
  let open: number | undefined;
  for (let at = 0; at < source.length; ) {
    ATOM.lastIndex = at;
    const [whole = '', name, inside, text, escaped, sign, plain] = ATOM.exec(source) ?? [];
    at += whole.length;
    if (sign === '(' && open === undefined) open = items.length;
    else if (sign === ')' && open !== undefined) {
      groups.push({ from: open, to: items.length });
      open = undefined;
    } else if (sign !== undefined) throw new SyntaxError(`"${sign}" is not supported here`);
    else if (text !== undefined) for (const char of text) items.push(exactly((other) => other === char));
    else {
      const accepts = acceptor(name, inside, escaped ?? plain ?? '', escaped !== undefined);
      const any = plain === '@';
      QUANTIFIER.lastIndex = at;
      const quantifier = any ? undefined : (QUANTIFIER.exec(source) ?? undefined);
      at += quantifier?.[0].length ?? 0;
      const [least, most] = any ? [0, Number.POSITIVE_INFINITY] : boundsOf(quantifier);
      if (least > MOST_REPEATS) throw new SyntaxError('it repeats too much');
      for (let copy = 0; copy < least; copy += 1) items.push(exactly(accepts));
      if (most > least) items.push({ accepts, most: most - least, fixed: false });
    }
  }
  if (open !== undefined) throw new SyntaxError('a parenthesis is not closed');
  return { items, groups };
}

function exactly(accepts: Item['accepts']): Item {
  return { accepts, most: 1, fixed: true };
}

function acceptor(
  name: string | undefined,
  inside: string | undefined,
  char: string,
  escaped: boolean,
): Item['accepts'] {
  if (name !== undefined) {
    const known = NAMED[name];
    if (known === undefined) throw new SyntaxError(`<${name}> is not known`);
    return testOf(`[${known}]`);
  }
  if (inside !== undefined) return testOf(`[${inside.replaceAll('[', '\\[')}]`);
  if (!escaped && (char === '.' || char === '@')) return () => true;
  return (other) => other === char;
}

function testOf(source: string): Item['accepts'] {
  const test = new RegExp(`^${source}$`);
  return (char) => test.test(char);
}

function boundsOf(quantifier: RegExpExecArray | undefined): [least: number, most: number] {
  if (!quantifier) return [1, 1];
  const [sign, least, comma, most] = quantifier;
  if (least === undefined) return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
  if (comma === undefined) return [Number(least), Number(least)];
  return [Number(least), most ? Number(most) : Number.POSITIVE_INFINITY];
}

function matchFast({ items, groups }: FastPattern, text: string): string[] | undefined {
  const starts: number[] = [];
  let position = 0;
  for (let at = 0; at < items.length; ) {
    const first = items[at];
    const fixedFrom = first?.fixed ? at : at + 1;
    let fixedTo = fixedFrom;
    while (items[fixedTo]?.fixed) fixedTo += 1;
    const fixed = items.slice(fixedFrom, fixedTo);
    const before =
      first && !first.fixed ? repeats(first, fixed, text, position) : follows(fixed, text, position) ? 0 : undefined;
    if (before === undefined) return undefined;
    if (fixedFrom > at) starts[at] = position;
    position += before;
    for (let index = fixedFrom; index < fixedTo; index += 1) starts[index] = position + index - fixedFrom;
    position += fixed.length;
    at = fixedTo;
  }
  if (position !== text.length) return undefined;
  starts[items.length] = position;
  return groups.map(({ from, to }) => text.slice(starts[from], starts[to]));
}

/** How many characters the repeated item takes before what is fixed. */
function repeats(item: Item, fixed: readonly Item[], text: string, position: number): number | undefined {
  for (let count = 0; ; count += 1) {
    if (fixed.length > 0 && follows(fixed, text, position + count)) return count;
    const more = count < item.most && position + count < text.length && item.accepts(text.charAt(position + count));
    if (!more) return fixed.length > 0 ? undefined : count;
  }
}

function follows(fixed: readonly Item[], text: string, position: number): boolean {
  return fixed.every((item, index) => position + index < text.length && item.accepts(text.charAt(position + index)));
}
