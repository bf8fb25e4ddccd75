/** The names most like `wanted`, best first: at most `limit`, none that is mostly different. */
export function nearMatches(wanted: string, names: readonly string[], limit = 3): string[] {
  const target = wanted.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceTo(target, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(target.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Levenshtein, but a name that contains the other one whole counts as near. */
function distanceTo(a: string, b: string, containedIsNear = true): number {
  if (containedIsNear && a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** A part of a name this short, or with digits, tells one of a family from the next: orders-eu and orders-us are no slips. */
const SHORTEST_WORD = 4;
/** A longer word may have two wrong letters. */
const LONG_WORD = 8;

/**
 * The name of which `wanted` is most likely a slip of the keys (`ordrs`, `data-pipelin`); undefined for a name of its own. Much stricter than
 * {@link nearMatches}: it decides whether something is made, not what is suggested.
 */
export function slipOf(wanted: string, names: readonly string[]): string | undefined {
  if (names.includes(wanted)) return undefined;
  return names.find((name) => isSlip(wanted, name));
}

function isSlip(wanted: string, name: string): boolean {
  const [mine, theirs] = [wanted, name].map((text) => text.split(/[-_.]/));
  if (!mine || !theirs || mine.length !== theirs.length) return withoutSeparators(wanted) === withoutSeparators(name);
  const differing = mine.flatMap((part, index) =>
    part === theirs[index] ? [] : [[part, theirs[index] ?? ''] as const],
  );
  const [pair] = differing;
  if (!pair || differing.length > 1) return differing.length === 0;
  const [a, b] = pair;
  if (a.toLowerCase() === b.toLowerCase()) return true;
  if (!/^[a-z]+$/i.test(a + b) || Math.min(a.length, b.length) < SHORTEST_WORD) return false;
  const most = Math.min(a.length, b.length) >= LONG_WORD ? 2 : 1;
  return distanceTo(a.toLowerCase(), b.toLowerCase(), false) <= most || isSwap(a, b);
}

const withoutSeparators = (text: string): string => text.replace(/[-_.]/g, '').toLowerCase();

/** Two neighbors that changed places. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((char, index) => char !== b[index]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
