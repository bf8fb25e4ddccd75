import { UserPattern } from '../../../../shared/user-pattern.js';
import { javaText } from './java-text.js';

type Method<Target> = (target: Target, ...parameters: unknown[]) => unknown;

const REGEX = /[\\^$.*+?()[\]{}|]/;

const replaceAll = (text: string, pattern: string, by: string): string => {
  if (!REGEX.test(pattern)) return text.replaceAll(pattern, () => by);
  let result = '';
  let at = 0;
  for (const found of new UserPattern(pattern).findAll(text)) {
    result += text.slice(at, found.index) + by.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '');
    at = found.index + found[0].length;
  }
  return (result + text.slice(at)).replaceAll('\\$', '$');
};

const split = (text: string, pattern: string): string[] => {
  if (!REGEX.test(pattern)) return text.split(pattern);
  const parts: string[] = [];
  let at = 0;
  for (const found of new UserPattern(pattern).findAll(text)) {
    parts.push(text.slice(at, found.index));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
};

/** https://docs.oracle.com/javase/8/docs/api/java/lang/String.html */
const STRING: Record<string, Method<string>> = {
  length: (text) => text.length,
  isEmpty: (text) => text === '',
  contains: (text, part) => text.includes(String(part)),
  startsWith: (text, part) => text.startsWith(String(part)),
  endsWith: (text, part) => text.endsWith(String(part)),
  equals: (text, other) => text === other,
  equalsIgnoreCase: (text, other) => text.toLowerCase() === String(other).toLowerCase(),
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  toString: (text: string) => text,
  concat: (text, more) => text + String(more),
  charAt: (text, index) => text.charAt(Number(index)),
  indexOf: (text, part) => text.indexOf(String(part)),
  lastIndexOf: (text, part) => text.lastIndexOf(String(part)),
  substring: (text, from, to) => text.substring(Number(from), to === undefined ? undefined : Number(to)),
  matches: (text: string, pattern) => new UserPattern(String(pattern)).matchesAll([text]),
  replace: (text, part, by) => text.replaceAll(String(part), () => String(by)),
  replaceAll: (text, pattern, by) => replaceAll(text, String(pattern), String(by)),
  split: (text, pattern) => split(text, String(pattern)),
};

/** https://docs.oracle.com/javase/8/docs/api/java/util/List.html */
const LIST: Record<string, Method<unknown[]>> = {
  size: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, index) => list[Number(index)],
  contains: (list, item) => list.includes(item),
  indexOf: (list, item) => list.indexOf(item),
  subList: (list, from, to) => list.slice(Number(from), Number(to)),
  add: (list, item) => list.push(item) > 0,
  remove: (list, index) => list.splice(Number(index), 1)[0],
  toString: javaText,
};

/** https://docs.oracle.com/javase/8/docs/api/java/util/Map.html */
const MAP: Record<string, Method<Record<string, unknown>>> = {
  size: (map) => Object.keys(map).length,
  isEmpty: (map) => Object.keys(map).length === 0,
  get: (map, key) => own(map, String(key)),
  getOrDefault: (map, key, other) => own(map, String(key)) ?? other,
  containsKey: (map, key) => Object.hasOwn(map, String(key)),
  containsValue: (map, value) => Object.values(map).includes(value),
  keySet: (map) => Object.keys(map),
  values: (map) => Object.values(map),
  entrySet: (map) => Object.entries(map).map(([key, value]) => entry(key, value)),
  put: (map, key, value) => {
    const before = own(map, String(key));
    if (String(key) !== '__proto__') map[String(key)] = value;
    return before;
  },
  remove: (map, key) => {
    const before = own(map, String(key));
    delete map[String(key)];
    return before;
  },
  toString: javaText,
};

const own = (map: Record<string, unknown>, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

const entry = (key: string, value: unknown): object => Object.assign(Object.create(null), { key, value });

/** Calls a method of Java's on a template's value; undefined for one that is not there. `getName()` is `get('name')`. */
export function javaMethod(target: unknown, name: string, parameters: readonly unknown[]): unknown {
  if (typeof target === 'string') return find(STRING, name)?.(target, ...parameters);
  if (Array.isArray(target)) return find(LIST, name)?.(target, ...parameters);
  if (typeof target === 'number' || typeof target === 'boolean') {
    return name === 'toString' ? String(target) : name === 'equals' ? target === parameters[0] : undefined;
  }
  if (typeof target !== 'object' || target === null) return undefined;
  const map = target as Record<string, unknown>;
  const method = find(MAP, name);
  if (method) return method(map, ...parameters);
  const getter = /^get([A-Z])(.*)$/.exec(name);
  return getter ? own(map, `${getter[1]?.toLowerCase()}${getter[2]}`) : undefined;
}

const find = <Target>(methods: Record<string, Method<Target>>, name: string): Method<Target> | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;
