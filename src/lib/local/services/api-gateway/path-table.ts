// Which resource a path means: the most specific one. Literal segments come before parameters, and those before `{proxy+}`.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
import { decodedPath } from '../../payloads/decoded-path.js';

interface Entry<Target> {
  segments: readonly string[];
  target: Target;
}

export interface PathMatch<Target> {
  target: Target;
  parameters: Record<string, string> | undefined;
}

/** Paths with parameters (`/orders/{id}`, `/{proxy+}`), looked up by a request's path. */
export class PathTable<Target> {
  readonly #entries: Entry<Target>[] = [];

  add(path: string, target: Target): void {
    this.#entries.push({ segments: splitPath(path), target });
    this.#entries.sort((a, b) => compare(a.segments, b.segments));
  }

  /** Matches from the most specific one on; `accepts` may pass over one. */
  find(path: string, accepts: (target: Target) => boolean = () => true): PathMatch<Target> | undefined {
    const parts = splitPath(path);
    for (const { segments, target } of this.#entries) {
      if (!accepts(target)) continue;
      const parameters = match(segments, parts);
      if (parameters !== false) return { target, parameters };
    }
    return undefined;
  }
}

const splitPath = (path: string): string[] => {
  const parts = path.split('/');
  parts.shift();
  if (parts.at(-1) === '') parts.pop();
  return parts;
};

const isGreedy = (segment: string): boolean => segment.endsWith('+}');
const rank = (segment: string | undefined): number => {
  if (segment === undefined) return 3;
  if (!segment.startsWith('{')) return 0;
  return isGreedy(segment) ? 2 : 1;
};

function compare(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @returns the parameters, undefined where there are none, false where the path does not match */
function match(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined | false {
  let parameters: Record<string, string> | undefined;
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index] ?? '';
    const part = parts[index];
    if (part === undefined || (part === '' && segment !== '')) return false;
    if (segment.startsWith('{')) {
      const greedy = isGreedy(segment);
      parameters ??= {};
      parameters[segment.slice(1, greedy ? -2 : -1)] = decodedPath(greedy ? parts.slice(index).join('/') : part);
      if (greedy) return parameters;
    } else if (segment !== part && segment !== decodedPath(part)) return false;
  }
  return segments.length === parts.length ? parameters : false;
}
