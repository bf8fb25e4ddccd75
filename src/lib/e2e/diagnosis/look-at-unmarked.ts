import type { Look } from './case.js';

const MAX_SHOWN = 300;

/** At a stream or recorder: things that came there without a marker are perhaps the very events, changed on the way. */
export const lookAtUnmarked: Look = async (edge, { unmarked, missing }) => {
  const came = unmarked.get(edge.hop);
  if (came === undefined || !missing.has(edge.hop) || (edge.to.kind !== 'stream' && edge.to.kind !== 'http')) return [];
  const what = edge.to.kind === 'stream' ? 'record' : 'row';
  const count = came.count === 1 ? `1 ${what}` : `${came.count} ${what}s`;
  return [
    {
      hop: edge.hop,
      weight: 'hint',
      text: `${count} came to ${edge.hop} without a marker: is {marker} left out on the way there, or encrypted?`,
      evidence: [`the first  ${came.first.slice(0, MAX_SHOWN)}`],
    },
  ];
};
