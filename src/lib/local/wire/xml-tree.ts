// A small, strict XML parser: elements, attributes, text, CDATA. Document types are refused, so there are no entities to expand.
import { BadInput, MAX_DEPTH } from './bad-input.js';
import { ValueBudget } from './value-budget.js';

export interface XmlElement {
  /** Without its namespace prefix. */
  name: string;
  /** By the name as written, prefix included. */
  attributes: Map<string, string>;
  children: XmlElement[];
  text: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const NAME = /[^\s/>=<"'&]+/y;
const ATTRIBUTE = /\s+([^\s/>=<"'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** @throws BadInput when the bytes are not one well-formed element */
export function parseXml(bytes: Uint8Array): XmlElement {
  let source: string;
  try {
    source = utf8.decode(bytes);
  } catch {
    throw malformed('it is not valid UTF-8');
  }
  const document: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: XmlElement[] = [document];
  const budget = new ValueBudget();
  let at = 0;
  while (at < source.length) {
    const parent = open[open.length - 1] ?? document;
    const tag = source.indexOf('<', at);
    const textEnd = tag < 0 ? source.length : tag;
    if (textEnd > at) parent.text += unescapeText(source.slice(at, textEnd));
    if (tag < 0) break;
    if (source.startsWith('<!--', tag)) at = after(source, '-->', tag + 4);
    else if (source.startsWith('<?', tag)) at = after(source, '?>', tag + 2);
    else if (source.startsWith('<![CDATA[', tag)) {
      at = after(source, ']]>', tag + 9);
      parent.text += source.slice(tag + 9, at - 3);
    } else if (source.startsWith('<!', tag)) throw malformed('a document type is not allowed');
    else if (source.startsWith('</', tag)) {
      at = after(source, '>', tag + 2);
      if (open.length === 1 || localName(source.slice(tag + 2, at - 1).trim()) !== parent.name) {
        throw malformed(`</${source.slice(tag + 2, at - 1).trim()}> closes nothing`);
      }
      open.pop();
    } else {
      at = openElement(source, tag, { parent, open, budget });
    }
    if (open.length > MAX_DEPTH) throw malformed(`it is nested deeper than ${MAX_DEPTH} levels`);
  }
  const [root] = document.children;
  if (open.length > 1 || !root || document.children.length > 1 || document.text.trim() !== '') {
    throw malformed('it is not one complete element');
  }
  return root;
}

/** @returns where to go on */
function openElement(
  source: string,
  tag: number,
  { parent, open, budget }: { parent: XmlElement; open: XmlElement[]; budget: ValueBudget },
): number {
  budget.takeKeys();
  NAME.lastIndex = tag + 1;
  const name = NAME.exec(source)?.[0];
  if (!name) throw malformed('a tag has no name');
  const element: XmlElement = { name: localName(name), attributes: new Map(), children: [], text: '' };
  let at = NAME.lastIndex;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(source);
    if (!found) break;
    budget.takeKeys();
    element.attributes.set(found[1] ?? '', unescapeText(found[2] ?? found[3] ?? ''));
    at = ATTRIBUTE.lastIndex;
  }
  while (/\s/.test(source[at] ?? '')) at += 1;
  parent.children.push(element);
  if (source.startsWith('/>', at)) return at + 2;
  if (source[at] !== '>') throw malformed(`<${name}> does not end`);
  open.push(element);
  return at + 1;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function after(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  if (at < 0) throw malformed(`"${end}" is missing`);
  return at + end.length;
}

function unescapeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,32}));|&/g, (whole, decimal, hex, name) => {
    if (name !== undefined && Object.hasOwn(ENTITIES, name)) return ENTITIES[name] ?? '';
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) throw malformed(`${whole} is not an entity`);
    return String.fromCodePoint(code);
  });
}

const malformed = (why: string): BadInput => new BadInput(`the XML is not well formed: ${why}`);
