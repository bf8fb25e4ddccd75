import { recorderFlags } from './kept-stacks.js';
import type { SessionOptions } from './session-options.js';
import { destroyCommand, targetWords } from './target-words.js';

/**
 * What a person must know when a session is over: what an interruption removed or left, and how to go on with kept stacks.
 * @param done what was taken down: `deleted orders`, `restored data-pipeline`
 */
export function closingWords(
  { signal, disposable, clients, again = [] }: SessionOptions,
  done: readonly string[],
  kept: readonly string[],
  addresses: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const lines: string[] = [];
  if (signal.aborted) {
    const left = kept.length > 0 ? [`kept ${kept.join(', ')}`] : [];
    const nothing = disposable ? 'nothing is left, the private endpoint ended with the run' : 'no stack was changed';
    lines.push(`interrupted: ${[...done, ...left].join(', ') || nothing}`);
  }
  if (kept.length > 0) {
    const run = [
      'pipectl',
      'e2e',
      ...again,
      '--no-deploy',
      ...recorderFlags(addresses),
      ...targetWords(clients.target),
    ];
    lines.push(
      `kept ${kept.length === 1 ? 'stack' : 'stacks'} ${kept.join(', ')}`,
      `  Run again on ${kept.length === 1 ? 'it' : 'them'}: ${run.join(' ')}`,
      `  Delete ${kept.length === 1 ? 'it' : 'them'}: ${destroyCommand([...kept].reverse(), clients.target)}`,
    );
  }
  return lines.length === 0 ? undefined : lines.join('\n');
}
