import { encodedTexts } from './encoded-text.js';
import { plainMarkers, withoutMarkers } from './plain-markers.js';

/** JSON in base64 in JSON; nobody goes deeper on purpose, and a hostile text must not fill the stack. */
const MAX_DEPTH = 64;
const MAX_LAYERS = 3;
/** And not only the lines of base64. */
const SEVERAL_LINES = /\n(?=[^\n]*[^\nA-Za-z0-9+/=\r])/;

/**
 * The markers of a text by the place in which they stand, each as often as it stands there. The elements of all arrays and the lines of a text
 * are one place, so a copy beside its original is in the same place; two fields of an object are two places, so an event that is enriched by
 * its own id is no copy. Objects with all the keys of `eventKeys` are a place of their own: an event under two names is there twice.
 */
export function markerPlaces(text: string, eventKeys: readonly string[] = []): string[][] {
  const places = new Map<string, string[]>();
  const add = (path: string, markers: readonly string[]): void => {
    if (markers.length === 0) return;
    const place = places.get(path) ?? [];
    places.set(path, place);
    for (const marker of markers) place.push(marker);
  };

  const visitText = (text: string, path: string, depth: number, layer: number): void => {
    if (depth >= MAX_DEPTH) {
      visitLeaf(text, path, layer);
      return;
    }
    const value = parseObject(text);
    const [before, inner, after] = splitAtJson(text);
    if (value !== undefined) visitValue(value, path, depth + 1, layer);
    else if (SEVERAL_LINES.test(text)) for (const line of text.split('\n')) visitText(line, path, depth + 1, layer);
    else if (inner !== undefined) {
      visitValue(inner, `${path}>`, depth + 1, layer);
      visitLeaf(`${before}\n${after}`, path, layer);
    } else visitLeaf(text, path, layer);
  };
  const visitLeaf = (text: string, path: string, layer: number): void => {
    add(path, plainMarkers(text));
    if (layer < MAX_LAYERS) for (const inner of encodedTexts(text)) visitText(inner, `${path}!`, 0, layer + 1);
  };
  const visitValue = (value: unknown, path: string, depth: number, layer: number): void => {
    if (typeof value === 'string') visitText(value, path, depth, layer);
    else if (depth >= MAX_DEPTH) visitLeaf(JSON.stringify(value), path, layer);
    else if (Array.isArray(value)) for (const each of value) visitValue(each, `${path}[]`, depth + 1, layer);
    else if (typeof value === 'object' && value !== null) {
      if (eventKeys.length > 0 && eventKeys.every((key) => key in value))
        add('{event}', plainMarkers(JSON.stringify(value)).slice(0, 1));
      for (const [key, each] of Object.entries(value)) {
        add(`${path}{}`, plainMarkers(key));
        visitValue(each, `${path}.${withoutMarkers(key)}`, depth + 1, layer);
      }
    }
  };

  visitText(text, '', 0, 0);
  return [...places.values()];
}

/** The object or array that a text is, or the string that it holds as JSON. */
function parseObject(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A line such as a log's: `got {"id":1} in time`. */
function splitAtJson(text: string): [before: string, inner: unknown, after: string] {
  const from = text.search(/[[{]/);
  const to = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1;
  if (from < 0 || to <= from) return [text, undefined, ''];
  return [text.slice(0, from), parseObject(text.slice(from, to)), text.slice(to)];
}
