// URI templates of REST operations: `/2015-03-31/functions/{FunctionName}/invocations?x=y`.

export interface Segment {
  /** The text that must stand here; undefined for a label. */
  literal?: string;
  /** The input member that takes what stands here. */
  label?: string;
  /** A label that takes slashes too (`{Key+}`). */
  greedy: boolean;
}

export interface UriPattern {
  segments: Segment[];
  /** Query parameters that must be there; an empty value accepts any. */
  literals: [name: string, value: string][];
}

export function parseUriTemplate(template: string): UriPattern {
  const [path = '', search = ''] = template.split('?');
  const segments = path
    .split('/')
    .filter(Boolean)
    .map((text): Segment => {
      const [, label, plus] = /^\{([^}+]+)(\+)?\}$/.exec(text) ?? [];
      return label ? { label, greedy: plus !== undefined } : { literal: text, greedy: false };
    });
  return { segments, literals: [...new URLSearchParams(search)] };
}

/**
 * Matches a raw path against a pattern.
 * @returns the labels, percent-decoded; undefined when it does not match. A malformed escape matches nothing.
 */
export function matchPath(segments: Segment[], path: string): Record<string, string> | undefined {
  let parts = path.split('/').slice(1);
  if (parts.at(-1) === '' && !segments.at(-1)?.greedy) parts = parts.slice(0, -1);
  const labels: Record<string, string> = {};
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    const end = segment.greedy ? parts.length - (segments.length - index - 1) : at + 1;
    if (end <= at || end > parts.length) return undefined;
    const text = decode(parts.slice(at, end).join('/'));
    if (text === undefined) return undefined;
    if (segment.label === undefined) {
      if (text !== segment.literal) return undefined;
    } else {
      if (text === '') return undefined;
      labels[segment.label] = text;
    }
    at = end;
  }
  return at === parts.length ? labels : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
