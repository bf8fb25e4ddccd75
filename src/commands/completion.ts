import * as Args from '@oclif/core/args';
import { bashScript } from '../lib/cli/completion/bash-script.js';
import { type CommandWords, commandWords } from '../lib/cli/completion/command-words.js';
import { fishScript } from '../lib/cli/completion/fish-script.js';
import { zshScript } from '../lib/cli/completion/zsh-script.js';
import { globalFlags } from '../lib/cli/flags.js';
import { PipectlCommand } from '../lib/cli/pipectl-command.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPTS: Record<(typeof SHELLS)[number], (commands: readonly CommandWords[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export default class Completion extends PipectlCommand<typeof Completion> {
  static override summary = 'Print a completion script for bash, zsh or fish.';
  static override description =
    'Completes commands, flags, flag values, files and stream names. Add the first line below to ~/.bashrc, ' +
    'the second to ~/.zshrc after compinit, or the third to ~/.config/fish/config.fish.';
  static override examples = [
    '$ eval "$(<%= config.bin %> completion bash)"',
    '$ eval "$(<%= config.bin %> completion zsh)"',
    '<%= config.bin %> completion fish | source',
  ];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override args = {
    shell: Args.string({ options: [...SHELLS], required: true, description: 'Shell.' }),
  };

  async run(): Promise<void> {
    const commands = await commandWords();
    const shell = SHELLS.find((name) => name === this.args.shell) ?? 'bash'; // oclif has checked it
    await this.out.result(commands, (all) => SCRIPTS[shell](all));
  }
}
