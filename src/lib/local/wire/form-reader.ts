// AWS Query forms into inputs: `Tags.member.1.Key=a` becomes a list of structures.
import { BadInput, itemStep, MAX_DEPTH, memberStep, setOwn, within } from './bad-input.js';
import { parseScalar } from './scalar-text.js';
import type { Member, Structure } from './service-model.js';
import { ValueBudget } from './value-budget.js';

interface Node {
  value: string | undefined;
  children: Map<string, Node> | undefined;
}

/** A parameter is read twice, and its name becomes a path. */
const KEYS_OF_A_PARAMETER = 4;

/** @throws BadInput where a value is not of its member's type, or a key is nested without bound */
export function readForm(structure: Structure, form: Iterable<[key: string, value: string]>): Record<string, unknown> {
  const root: Node = { value: undefined, children: undefined };
  const budget = new ValueBudget();
  for (const [key, value] of form) {
    budget.takeKeys(KEYS_OF_A_PARAMETER);
    const steps = key.split('.', MAX_DEPTH + 1);
    if (steps.length > MAX_DEPTH) throw new BadInput(`a parameter is nested deeper than ${MAX_DEPTH} levels`);
    let node = root;
    for (const step of steps) {
      node.children ??= new Map();
      let child = node.children.get(step);
      if (!child) {
        budget.takeKeys();
        node.children.set(step, (child = { value: undefined, children: undefined }));
      }
      node = child;
    }
    node.value = value;
  }
  return readStructure(structure, root);
}

function readStructure(structure: Structure, node: Node): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of structure.members) {
    const child = node.children?.get(member.traits.xmlName ?? member.name);
    if (!child) continue;
    try {
      out[member.name] = readMember(member, child);
    } catch (error) {
      throw within(error, memberStep(member.name));
    }
  }
  return out;
}

function readMember(member: Member, node: Node): unknown {
  const { shape, traits } = member;
  if (typeof shape === 'string') {
    if (node.value === undefined) throw new BadInput('a structure was found where a value is expected');
    return parseScalar(member, node.value);
  }
  if (shape.kind === 'list') {
    const wrapper = traits.xmlFlattened ? node : node.children?.get(shape.member.traits.xmlName ?? 'member');
    return numbered(wrapper).map((item, index) => {
      try {
        return readMember(shape.member, item);
      } catch (error) {
        throw within(error, itemStep(index));
      }
    });
  }
  if (shape.kind === 'map') {
    const out: Record<string, unknown> = {};
    for (const entry of numbered(traits.xmlFlattened ? node : node.children?.get('entry'))) {
      const key = entry.children?.get(shape.key.traits.xmlName ?? 'key')?.value;
      const value = entry.children?.get(shape.value.traits.xmlName ?? 'value');
      if (key === undefined || !value) throw new BadInput('a map entry lacks its key or its value');
      setOwn(out, key, readMember(shape.value, value));
    }
    return out;
  }
  return readStructure(shape, node);
}

/** The numbered children in order. Only the order of the numbers counts, so `member.999999999` costs one item. */
function numbered(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])]
    .filter(([step]) => /^\d+$/.test(step))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
