import { z } from 'zod';
import { barePlaceholderError, findBarePlaceholder } from '../../project/placeholders.js';

/** A payload as it is written. `{marker}` without quotes is a mapping to YAML, and worth a word. */
export const payload = z.unknown().superRefine((value, context) => {
  const bare = findBarePlaceholder(value);
  if (bare) context.addIssue({ code: 'custom', message: barePlaceholderError(bare) });
});

export const markedPayload = payload
  .refine((value) => value === undefined || JSON.stringify(value).includes('{marker}') || findBarePlaceholder(value), {
    error: 'must hold "{marker}" somewhere, or no event could be told from another',
  })
  .describe("What is sent. {marker} becomes the event's own id, {n} its number, {key} its key, {now} the time.");
