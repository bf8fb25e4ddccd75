import { randomInt } from 'node:crypto';
import { encodedTexts } from './encoded-text.js';
import { markerPlaces } from './marker-places.js';
import { plainMarkers } from './plain-markers.js';

/** Events are counted; canaries only warm the pipeline; decoys must not get past the hop they name. */
export type MarkerKind = 'event' | 'canary' | 'decoy';

export interface Marker {
  kind: MarkerKind;
  /** Events, canaries and decoys are each numbered from 0. */
  n: number;
}

/** A marker that stands in a text. */
export interface FoundMarker extends Marker {
  /** How often it stands in one and the same place of the text: more often than in the template means copies. See `markerPlaces`. */
  times: number;
}

const LETTER = { event: 'e', canary: 'c', decoy: 'd' } as const;
const KIND: Record<string, MarkerKind> = { e: 'event', c: 'canary', d: 'decoy' };
const PREFIX = 'pe2e';
const RUN_LENGTH = 10;
const RUN_END = PREFIX.length + RUN_LENGTH;
/** Texts in texts in texts; nobody goes deeper on purpose. */
const MAX_LAYERS = 3;

/** A name for one run that no other run has: 50 bits of chance. */
export function newRunId(): string {
  let id = '';
  for (let left = RUN_LENGTH; left > 0; left -= 1) id += randomInt(36).toString(36);
  return id;
}

export const writeMarker = (runId: string, { kind, n }: Marker): string => `${PREFIX}${runId}${LETTER[kind]}${n}z`;

/** The run that a marker is of. */
export const runOf = (marker: string): string => marker.slice(PREFIX.length, RUN_END);

export interface FoundMarkers {
  /** Each once, in the order of the text, or of a place in it that holds them all. */
  own: FoundMarker[];
  /** The markers of other runs, each as often as it is there. */
  foreign: string[];
}

/**
 * The markers in what a probe has read: as they stand there, and in whatever of it is base64, compressed or not.
 * @param eventKeys the keys of an event as it is sent; see `markerPlaces`
 */
export function findMarkers(text: string, runId: string, eventKeys: readonly string[] = []): FoundMarkers {
  const found = allMarkers(text);
  const own = found.filter((marker) => runOf(marker) === runId);
  const foreign = found.filter((marker) => runOf(marker) !== runId);
  const each = new Set(own);
  if (each.size === own.length) return { own: own.map((marker) => ({ ...read(marker), times: 1 })), foreign };
  const places = markerPlaces(text, eventKeys).map((place) => place.filter((marker) => runOf(marker) === runId));
  // A batch that names its last event first is in the order of its events.
  const inOrder = places.map((place) => new Set(place)).find((place) => place.size === each.size) ?? each;
  const timesOf = countPlaces(places);
  return { own: [...inOrder].map((marker) => ({ ...read(marker), times: timesOf.get(marker) ?? 1 })), foreign };
}

/** Whether there is an event in a text, of whatever run, and not only warm-up events or decoys. */
export const holdsEvent = (text: string): boolean => allMarkers(text).some((marker) => read(marker).kind === 'event');

function allMarkers(text: string): string[] {
  const found = plainMarkers(text);
  for (let layer = encodedTexts(text), depth = 1; layer.length > 0; depth += 1) {
    for (const inner of layer) for (const marker of plainMarkers(inner)) found.push(marker);
    layer = depth < MAX_LAYERS ? layer.flatMap(encodedTexts) : [];
  }
  return found;
}

/** How often each marker stands in the place that holds it most often. */
function countPlaces(places: readonly string[][]): Map<string, number> {
  const most = new Map<string, number>();
  for (const place of places) {
    const here = new Map<string, number>();
    for (const marker of place) here.set(marker, (here.get(marker) ?? 0) + 1);
    for (const [marker, times] of here) most.set(marker, Math.max(times, most.get(marker) ?? 0));
  }
  return most;
}

const read = (marker: string): Marker => ({
  kind: KIND[marker.charAt(RUN_END)] ?? 'event',
  n: Number(marker.slice(RUN_END + 1, -1)),
});
