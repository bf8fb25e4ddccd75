import { clickstream } from './clickstream.js';
import { iot } from './iot.js';
import { logEvent } from './log-event.js';
import type { Schema } from './schema.js';
import { transaction } from './transaction.js';
import { xy } from './xy.js';

/** The built-in kinds of data by name. */
export const SCHEMAS: ReadonlyMap<string, Schema> = new Map(
  [transaction, clickstream, iot, xy, logEvent].map((schema) => [schema.name, schema]),
);
