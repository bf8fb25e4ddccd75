import { formatDuration } from '../../shared/duration.js';
import type { LatencyBucket } from '../latency.js';
import { type Html, html } from './html-text.js';

const WIDTH = 320;
const HEIGHT = 120;
const BASE = 96;
/** More would run into each other. */
const MOST_LABELS = 7;

/** Bars, one a bucket of time, the tallest as high as the chart. */
export function latencyChart(buckets: readonly LatencyBucket[], label: string): Html {
  if (buckets.length === 0) return html`<p class="dim">nothing arrived</p>`;
  const most = Math.max(...buckets.map(({ count }) => count));
  const step = WIDTH / buckets.length;
  const labelEvery = Math.ceil(buckets.length / MOST_LABELS);
  const bars = buckets.map(({ count, upToMs }, index) => {
    const height = count === 0 ? 0 : Math.max(2, (count / most) * (BASE - 16));
    const middle = (index + 0.5) * step;
    const width = Math.min(step * 0.8, 48);
    const labelled = (buckets.length - 1 - index) % labelEvery === 0;
    return html`<g><title>${count} up to ${formatDuration(upToMs)}</title><rect class="bar" x="${(middle - width / 2).toFixed(1)}" y="${(BASE - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="2"/>${count > 0 && html`<text x="${middle.toFixed(1)}" y="${(BASE - height - 3).toFixed(1)}" text-anchor="middle">${count}</text>`}${labelled && html`<text x="${middle.toFixed(1)}" y="${BASE + 14}" text-anchor="middle">≤ ${formatBound(upToMs)}</text>`}</g>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><line class="axis" x1="0" x2="${WIDTH}" y1="${BASE}" y2="${BASE}"/>${bars}</svg>`;
}

const formatBound = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);
