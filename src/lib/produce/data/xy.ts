import type { Schema } from './schema.js';

export const xy: Schema = {
  name: 'xy',
  summary: 'a point: event_x, event_y',
  prepare: () => (chance) =>
    `{"event_x":${chance.below(1_000_000) / 1000},"event_y":${chance.below(1_000_000) / 1000}}`,
};
