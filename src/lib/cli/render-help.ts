import { stripVTControlCharacters } from 'node:util';
import type { Command } from '@oclif/core/command';
import { CommandHelp, Help } from '@oclif/core/help';
import { Chalk } from 'chalk';
import { colorLevel } from './color-level.js';
import type { CommandIo } from './command-io.js';
import { loadConfig } from './load-config.js';

/** The commands by what a person wants to do. What is not named here is listed after them, so that a new command is never missing. */
const GROUPS: [string, string[]][] = [
  ['STREAMS', ['provision', 'streams', 'produce', 'tail', 'consume', 'sql']],
  ['FUNCTIONS AND LOGS', ['invoke', 'logs']],
  ['STACKS', ['deploy', 'destroy', 'exports']],
  ['TESTS', ['e2e']],
  ['LOCAL ENDPOINT', ['local start', 'local stop', 'local status', 'local logs', 'local exec']],
];

const FIRST_STEPS = [
  ['pipectl e2e --demo', 'Deploy a sample pipeline and verify it'],
  ['pipectl produce orders --rate 1000', 'Create a stream and send 1,000 records/s'],
  ['pipectl tail orders --decode', 'Follow the stream and decode its records'],
] as const;

/** The help of a command (`local start`), of a topic (`local`), or, for an empty id, of pipectl itself. */
export async function renderHelp(id: string, io: CommandIo): Promise<string> {
  const config = await loadConfig({ withCommands: true });
  const level = colorLevel(io.stdout, io.env, false);
  const help = new PipectlHelp(config, { maxWidth: Math.min(io.stdout.columns || 100, 100), flagSortOrder: 'none' });
  help.bold = new Chalk({ level }).bold;
  await help.showHelp(id === '' ? [] : id.split(' '));
  const text = `${help.lines
    .join('\n')
    .split('\n')
    .map(plainFlagLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
  return level === 0 ? stripVTControlCharacters(text) : text;
}

/** oclif writes `--attempts N  [default: 10] Maximum attempts.`; here it is `--attempts N  Maximum attempts (default 10)`. */
function plainFlagLine(line: string): string {
  const plain = stripVTControlCharacters(line);
  if (/^[A-Z ]+ FLAGS$/.test(plain) && plain !== 'GLOBAL FLAGS') return line.replace(' FLAGS', '');
  if (!/^ {2,6}-/.test(plain)) return line;
  return line.replace(/\[default: ([^\]]+)\] (.*?)\.?$/, '$2 (default $1)').replace(/\.$/, '');
}

/** What every command has comes last. */
const LAST_GROUPS = ['GLOBAL', 'TARGET'];

class CommandUsage extends CommandHelp {
  /** oclif would list every flag here, and again below. */
  protected override defaultUsage(): string {
    const args = Object.values(this.command.args).filter((arg) => !arg.hidden);
    return [this.command.id, ...args.map((arg) => this.arg(arg)), '[FLAGS]'].join(' ');
  }

  protected override groupFlags(flags: Command.Flag.Any[]) {
    const { flagGroups, mainFlags } = super.groupFlags(flags);
    const rank = (name: string): number => LAST_GROUPS.indexOf(name);
    const sorted = Object.entries(flagGroups).sort(([one], [other]) => rank(one) - rank(other));
    return { flagGroups: Object.fromEntries(sorted), mainFlags };
  }

  /** As it is typed, `--rate RATE`: not `--rate=<value>`. */
  protected override flagHelpLabel(flag: Command.Flag.Any, showOptions?: boolean): string {
    const named = /<(?:value|option)>(?:\.\.\.)?/;
    return super
      .flagHelpLabel(flag, showOptions)
      .replace(named, flag.name.replace(/^.*-/, '').toUpperCase())
      .replace('=', ' ');
  }

  /** The summary stands above the usage already. */
  protected override description(): string | undefined {
    return this.command.description && this.wrap(this.command.description);
  }
}

class PipectlHelp extends Help {
  protected override CommandHelpClass = CommandUsage;
  readonly lines: string[] = [];
  bold: (text: string) => string = (text) => text;

  override log(...texts: string[]): void {
    this.lines.push(...texts);
  }

  override async showRootHelp(): Promise<void> {
    const summaries = new Map(
      this.sortedCommands.map((command) => [command.id.replaceAll(':', ' '), this.summary(command) ?? '']),
    );
    const grouped = new Set(GROUPS.flatMap(([, ids]) => ids));
    const others = [...summaries.keys()].filter((id) => !grouped.has(id));
    const width = Math.max(...[...summaries.keys()].map((id) => id.length), 12);
    const list = (title: string, ids: readonly string[]): void => {
      const known = ids.filter((id) => summaries.has(id));
      if (known.length === 0) return;
      this.log(
        this.bold(title),
        ...known.map((id) => `  ${id.padEnd(width)}  ${(summaries.get(id) ?? '').replace(/\.$/, '')}`),
        '',
      );
    };
    this.log(this.config.pjson.description ?? '', '', this.bold('USAGE'), '  $ pipectl COMMAND [FLAGS]', '');
    this.log(this.bold('GET STARTED'));
    for (const [line, why] of FIRST_STEPS) this.log(`  $ ${line.padEnd(36)}${why}`);
    this.log('');
    for (const [title, ids] of GROUPS) list(title, ids);
    list('OTHER', others);
    this.log(
      'Commands run against the local endpoint unless you choose --localstack, --aws or --endpoint-url URL.',
      'Exit codes: 0 success, 1 failed, 2 usage error, 3 check failed, 70 bug in pipectl, 130 interrupted (Ctrl-C).',
      'Run `pipectl COMMAND --help` for the flags of a command.',
    );
  }
}
