import type { ColorSupportLevel } from 'chalk';

/**
 * How many colours a stream may carry: 0 none, 1 sixteen, 2 256, 3 all.
 * `--no-color` and NO_COLOR (no-color.org: set and not empty) win over FORCE_COLOR, which wins over what the stream is.
 */
export function colorLevel(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv, refused: boolean): ColorSupportLevel {
  if (refused || (env.NO_COLOR ?? '') !== '') return 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forcedLevel(forced);
  if (!stream.isTTY || env.TERM === 'dumb') return 0;
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}

function forcedLevel(text: string): ColorSupportLevel {
  if (text === '0' || text === 'false') return 0;
  if (text === '2') return 2;
  return text === '3' ? 3 : 1;
}
