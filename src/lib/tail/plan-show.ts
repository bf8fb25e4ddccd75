import type { ChalkInstance } from 'chalk';
import { UsageError } from '../shared/errors.js';
import { type Format, itemRenderer, type RenderItem } from './render-item.js';
import type { Field } from './select-fields.js';
import type { Template } from './template.js';

export interface ShowRequest {
  json?: boolean | undefined;
  raw: boolean;
  format?: string | undefined;
  template?: Template | undefined;
  select?: readonly Field[] | undefined;
  layers: boolean;
}

/** The formats that have a place for the layers, and for what was broken in a record. */
const HAVE_LAYERS: readonly Format[] = ['pretty', 'json'];

/**
 * How records are shown: what was asked for; else for people in a terminal, and in a pipe the values as JSON, one a line (with their layers where
 * those were asked for).
 * @throws UsageError
 */
export function planShow(
  request: ShowRequest,
  out: { isTTY: boolean; style: ChalkInstance },
  onWarning?: (text: string) => void,
): { kind: 'raw'; toTerminal: boolean } | { kind: 'lines'; render: RenderItem; marksBroken: boolean } {
  if (request.raw) return { kind: 'raw', toTerminal: out.isTTY };
  const { template, select: fields, layers } = request;
  const asked = request.json ? 'json' : (request.format ?? (template === undefined ? undefined : 'template'));
  const format = (asked ?? (out.isTTY ? 'pretty' : layers ? 'json' : 'ndjson')) as Format;
  if (format === 'template' && template === undefined)
    throw new UsageError('--format template needs a --template.', {
      hint: "For example --template '{{@time}} {{name}}'.",
    });
  if (format !== 'template' && template !== undefined)
    throw new UsageError(`--template does not go with --format ${format}.`);
  if (layers && !HAVE_LAYERS.includes(format))
    throw new UsageError(`--layers has no place in --format ${format}.`, {
      hint: 'Take --json, whose lines have layers, or {{@layers}} in a --template.',
    });
  const { isTTY, style } = out;
  const render = itemRenderer({ format, fields, template, showLayers: layers, isTTY, style, onWarning });
  return { kind: 'lines', render, marksBroken: HAVE_LAYERS.includes(format) };
}
