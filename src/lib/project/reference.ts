/** A value that is known only when the check runs. */
export type Reference =
  | { kind: 'export'; name: string }
  | { kind: 'output'; stack: string; key: string }
  | { kind: 'env'; name: string }
  | { kind: 'recorder'; name: string };

const KINDS = ['export', 'output', 'env', 'recorder'];

/**
 * Reads a reference: `export:NAME` (a stack's export), `output:STACK.KEY` (a stack's output), `env:NAME` (an environment variable) or
 * `recorder:NAME` (the URL of a recorder of this check). Any other text, an ARN say, means itself.
 * @returns the reference; undefined for plain text; `malformed` with a sentence for a reference that cannot be read
 */
export function parseReference(text: string): Reference | { malformed: string } | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  if (colon < 0 || !KINDS.includes(kind)) return undefined;
  const name = text.slice(colon + 1);
  if (name === '' || /\s/.test(name)) return { malformed: `"${text}" needs a name after the colon: ${kind}:NAME` };
  if (kind !== 'output') return { kind: kind as 'export' | 'env' | 'recorder', name };
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || dot === name.length - 1) return { malformed: `"${text}" needs a stack and a key: output:STACK.KEY` };
  return { kind: 'output', stack: name.slice(0, dot), key: name.slice(dot + 1) };
}
