// XML in and out by schema (REST-XML bodies, AWS Query answers).
import { BadInput, itemStep, memberStep, setOwn, within } from './bad-input.js';
import { formatScalar, parseScalar } from './scalar-text.js';
import type { Member, Structure } from './service-model.js';
import { parseXml, type XmlElement } from './xml-tree.js';

/**
 * Reads the members of `structure` from the children of the document's root, whatever the root is called.
 * @throws BadInput when the document is malformed or a value is not of its member's type
 */
export function readXml(structure: Structure, bytes: Uint8Array): Record<string, unknown> {
  return readStructure(structure, parseXml(bytes));
}

function readStructure(structure: Structure, element: XmlElement): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of structure.members) {
    const name = member.traits.xmlName ?? member.name;
    try {
      if (member.traits.xmlAttribute) {
        const text = element.attributes.get(name);
        if (text !== undefined) out[member.name] = parseScalar(member, text);
        continue;
      }
      const found = element.children.filter((child) => child.name === name);
      if (found.length > 0) out[member.name] = readMember(member, found);
    } catch (error) {
      throw within(error, memberStep(member.name));
    }
  }
  return out;
}

/** `elements` are all children of the member's name: several for a flattened list or map. */
function readMember(member: Member, elements: XmlElement[]): unknown {
  const { shape, traits } = member;
  const [first] = elements;
  if (!first) return undefined;
  if (typeof shape === 'string') {
    if (first.children.length > 0) throw new BadInput('a structure was found where a value is expected');
    return parseScalar(member, first.text);
  }
  if (shape.kind === 'list') {
    const itemName = shape.member.traits.xmlName ?? 'member';
    const items = traits.xmlFlattened ? elements : first.children.filter((child) => child.name === itemName);
    return items.map((item, index) => {
      try {
        return readMember(shape.member, [item]);
      } catch (error) {
        throw within(error, itemStep(index));
      }
    });
  }
  if (shape.kind === 'map') {
    const out: Record<string, unknown> = {};
    for (const entry of traits.xmlFlattened ? elements : first.children.filter((child) => child.name === 'entry')) {
      const part = (of: Member, name: string): XmlElement[] =>
        entry.children.filter((child) => child.name === (of.traits.xmlName ?? name));
      const key = part(shape.key, 'key')[0];
      if (!key) throw new BadInput('a map entry lacks its key');
      setOwn(out, key.text, readMember(shape.value, part(shape.value, 'value')));
    }
    return out;
  }
  return readStructure(shape, first);
}

/** Writes one element. Undefined and null members are left out. */
export function writeElement(name: string, structure: Structure, value: Record<string, unknown>, xmlns = ''): string {
  let attributes = xmlns && ` xmlns="${escapeXml(xmlns)}"`;
  let content = '';
  for (const member of structure.members) {
    const inner = value[member.name];
    if (inner === undefined || inner === null) continue;
    const { traits } = member;
    const memberName = traits.xmlName ?? member.name;
    if (traits.xmlAttribute) attributes += ` ${memberName}="${escapeXml(formatScalar(member, inner, 'date-time'))}"`;
    else content += writeMember(memberName, member, inner);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

function writeMember(name: string, member: Member, value: unknown): string {
  const { shape, traits } = member;
  if (typeof shape === 'string') return wrap(name, escapeXml(formatScalar(member, value, 'date-time')));
  if (shape.kind === 'list') {
    const items = (value as unknown[]).filter((item) => item !== undefined && item !== null);
    const itemName = traits.xmlFlattened ? name : (shape.member.traits.xmlName ?? 'member');
    const content = items.map((item) => writeMember(itemName, shape.member, item)).join('');
    return traits.xmlFlattened ? content : wrap(name, content);
  }
  if (shape.kind === 'map') {
    const content = Object.entries(value as object)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) =>
        wrap(
          traits.xmlFlattened ? name : 'entry',
          writeMember(shape.key.traits.xmlName ?? 'key', shape.key, key) +
            writeMember(shape.value.traits.xmlName ?? 'value', shape.value, item),
        ),
      )
      .join('');
    return traits.xmlFlattened ? content : wrap(name, content);
  }
  const [prefix, uri] = traits.xmlNamespace ?? [];
  const written = writeElement(name, shape, value as Record<string, unknown>, prefix ? '' : uri);
  return prefix && uri ? written.replace(`<${name}`, `<${name} xmlns:${prefix}="${escapeXml(uri)}"`) : written;
}

const wrap = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters become references: XML would fold or refuse them as they are. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what must not stand in XML as they are
  return text.replace(/[&<>"\u0000-\u001f\u0085\u2028]/g, (character) => {
    return ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
