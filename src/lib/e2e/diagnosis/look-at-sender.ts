import type { Look } from './case.js';

/** At the first hop: what the function that events are sent to answered. */
export const lookAtSender: Look = async (edge, { complaints }) => {
  const [first] = complaints;
  if (!edge.first || first === undefined) return [];
  return [
    {
      hop: edge.hop,
      weight: 'cause',
      text: `${complaints.length} ${complaints.length === 1 ? 'invocation' : 'invocations'} failed; the first: ${first}`,
    },
  ];
};
