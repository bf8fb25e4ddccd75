import { UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import { readPackage } from '../shared/package-files.js';
import type { CommandIo } from './command-io.js';
import { Interrupted } from './command-io.js';
import { isDestructive, VERBS_OF_THE_FIELD } from './field-words.js';
import { commandIds, commandUrl, findCommand, ownWords } from './find-command.js';
import { reportError, signalExitCode } from './report-error.js';

/** It is for shells, and no suggestion for a person. */
const HIDDEN_COMMAND = 'stream-names';

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 the operation failed, 2 usage, 3 the verdict failed, 70 a bug in pipectl, 128 + the signal
 */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  const own = ownWords(argv);
  try {
    const exitCode = await dispatch(argv, own, io);
    return io.signal.reason instanceof Interrupted ? signalExitCode(io.signal.reason.signalName) : exitCode;
  } catch (error) {
    return reportError(error, io, { json: own.includes('--json'), noColor: own.includes('--no-color') });
  }
}

async function dispatch(argv: readonly string[], own: readonly string[], io: CommandIo): Promise<number> {
  if (own[0] === '--version' || own[0] === '-v' || own[0] === 'version') {
    const { version } = readPackage();
    io.stdout.write(`pipectl/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
    return 0;
  }
  const wantsHelp = own.includes('--help') || own.includes('-h') || own[0] === 'help';
  const words = own[0] === 'help' ? argv.slice(1) : argv;
  const asked = wantsHelp ? words.filter((word) => !word.startsWith('-')) : words;
  const ids = commandIds();
  if (asked.length === 0) return showHelp('', io);
  const found = findCommand(asked, ids);
  if (found.kind === 'unknown') throw unknownCommand(found.words, ids);
  // `pipectl produce help` makes no stream called help.
  const asksForHelp =
    found.kind === 'command' &&
    found.argv[0] === 'help' &&
    found.argv.every((word, index) => index === 0 || word.startsWith('-') || found.argv[index - 1]?.startsWith('-'));
  if (wantsHelp || asksForHelp || found.kind === 'topic') return showHelp(found.id, io);

  // oclif takes 50 ms to load: `--version` and a mistyped command do without.
  const [{ default: Class }, { PipectlCommand }, { loadConfig }] = await Promise.all([
    import(commandUrl(found.id).href),
    import('./pipectl-command.js'),
    import('./load-config.js'),
  ]);
  Class.id = found.id.replace(' ', ':');
  return PipectlCommand.execute(Class, found.argv, await loadConfig({ withCommands: false }), io);
}

async function showHelp(id: string, io: CommandIo): Promise<number> {
  const { renderHelp } = await import('./render-help.js');
  io.stdout.write(await renderHelp(id, io));
  return 0;
}

function unknownCommand([first, second]: readonly string[], ids: readonly string[]): UsageError {
  if (first === undefined) return new UsageError('Flags, but no command.', { hint: 'See `pipectl --help`.' });
  // After a topic the second word is part of the command's name; after anything else it is an argument.
  const isTopic = second !== undefined && ids.some((id) => id.startsWith(`${first} `));
  const wanted = isTopic ? `${first} ${second}` : first;
  const meant = isTopic ? undefined : VERBS_OF_THE_FIELD.get(first);
  const safe = ids.filter((id) => id !== HIDDEN_COMMAND && !isDestructive(id));
  const near =
    meant !== undefined
      ? [meant]
      : isTopic
        ? nearMatches(second, wordsAfter(first, safe)).map((word) => `${first} ${word}`)
        : nearMatches(first, safe);
  return new UsageError(`pipectl has no command "${wanted}".`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map((id) => `\`pipectl ${id}\``).join(' or ')}?`
        : `See \`pipectl ${isTopic ? `${first} ` : ''}--help\` for what there is.`,
  });
}

const wordsAfter = (topic: string, ids: readonly string[]): string[] =>
  ids.filter((id) => id.startsWith(`${topic} `)).map((id) => id.slice(topic.length + 1));
