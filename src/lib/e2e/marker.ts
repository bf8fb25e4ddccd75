import { randomInt } from 'node:crypto';
import { encodedTexts } from './encoded-text.js';

/** Events are counted; canaries only warm the pipeline; decoys must not get past the hop they name. */
export type MarkerKind = 'event' | 'canary' | 'decoy';

export interface Marker {
  kind: MarkerKind;
  /** Events, canaries and decoys are each numbered from 0. */
  n: number;
}

const LETTER = { event: 'e', canary: 'c', decoy: 'd' } as const;
const KIND: Record<string, MarkerKind> = { e: 'event', c: 'canary', d: 'decoy' };
const PREFIX = 'pe2e';
const RUN_LENGTH = 10;
const RUN_END = PREFIX.length + RUN_LENGTH;
/** Any run's marker: letters and digits only, so that no escaping on the way changes it; a pipeline may write it in capitals. */
const ANY_MARKER = /pe2e[0-9a-z]{10}[ecd]\d+z/gi;

/** A name for one run that no other run has: 50 bits of chance. */
export function newRunId(): string {
  let id = '';
  for (let left = RUN_LENGTH; left > 0; left -= 1) id += randomInt(36).toString(36);
  return id;
}

export const writeMarker = (runId: string, { kind, n }: Marker): string => `${PREFIX}${runId}${LETTER[kind]}${n}z`;

export interface FoundMarkers {
  /** Each once, in the order of the text: a template may repeat its marker. */
  own: Marker[];
  /** How many markers of other runs there are. */
  foreign: number;
}

/** The markers in what a probe has read; where there are none of this run, those in what it holds in base64. */
export function findMarkers(text: string, runId: string): FoundMarkers {
  const found = findPlainMarkers(text, runId);
  return found.own.length > 0 ? found : findPlainMarkers([text, ...encodedTexts(text)].join('\n'), runId);
}

function findPlainMarkers(text: string, runId: string): FoundMarkers {
  const own: Marker[] = [];
  const seen = new Set<string>();
  let foreign = 0;
  for (const [whole] of text.matchAll(ANY_MARKER)) {
    const marker = whole.toLowerCase();
    const [letter = '', digits] = [marker.charAt(RUN_END), marker.slice(RUN_END + 1, -1)];
    if (marker.slice(PREFIX.length, RUN_END) !== runId) foreign += 1;
    else if (!seen.has(marker)) {
      seen.add(marker);
      own.push({ kind: KIND[letter] ?? 'event', n: Number(digits) });
    }
  }
  return { own, foreign };
}
