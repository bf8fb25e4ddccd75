import type { ChalkInstance } from 'chalk';
import { UsageError } from '../shared/errors.js';
import { type Format, itemRenderer, type RenderItem } from './render-item.js';
import type { Field } from './select-fields.js';

export interface ShowRequest {
  json?: boolean | undefined;
  raw: boolean;
  format?: string | undefined;
  template?: string | undefined;
  select?: readonly Field[] | undefined;
  layers: boolean;
}

/**
 * How records are shown: what was asked for; else for people in a terminal, and a JSON value a line in a pipe.
 * @throws UsageError
 */
export function planShow(
  request: ShowRequest,
  out: { isTTY: boolean; style: ChalkInstance },
): { kind: 'raw' } | { kind: 'lines'; render: RenderItem } {
  if (request.raw) return { kind: 'raw' };
  const { template, select: fields, layers } = request;
  const asked = request.json ? 'json' : (request.format ?? (template === undefined ? undefined : 'template'));
  const format = (asked ?? (out.isTTY ? 'pretty' : 'ndjson')) as Format;
  if (format === 'template' && template === undefined)
    throw new UsageError('--format template needs a --template.', {
      hint: "For example --template '{{@time}} {{name}}'.",
    });
  if (format !== 'template' && template !== undefined)
    throw new UsageError(`--template does not go with --format ${format}.`);
  return { kind: 'lines', render: itemRenderer({ format, fields, template, showLayers: layers, style: out.style }) };
}
