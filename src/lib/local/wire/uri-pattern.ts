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

/** A raw path as `matchPath` takes it, split once for all the patterns it is held against. */
export const splitPath = (path: string): string[] => path.split('/').slice(1);

/**
 * Matches the parts of a raw path against a pattern.
 * @returns the labels, percent-decoded; undefined when it does not match. A malformed escape matches nothing.
 */
export function matchPath(segments: Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const count = parts.at(-1) === '' && !segments.at(-1)?.greedy ? parts.length - 1 : parts.length;
  const labels: Record<string, string> = {};
  let at = 0;
  let left = segments.length;
  for (const segment of segments) {
    left -= 1;
    const end = segment.greedy ? count - left : at + 1;
    if (end <= at || end > count) return undefined;
    const raw = end === at + 1 ? (parts[at] ?? '') : parts.slice(at, end).join('/');
    if (segment.label === undefined) {
      if (raw !== segment.literal && decode(raw) !== segment.literal) return undefined;
    } else {
      const text = decode(raw);
      if (text === undefined || text === '') return undefined;
      labels[segment.label] = text;
    }
    at = end;
  }
  return at === count ? labels : undefined;
}

/** False where an escape of a path is none (`%zz`), or stands for bytes that are no text. */
export const isDecodable = (path: string): boolean => decode(path) !== undefined;

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
