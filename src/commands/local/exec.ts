import * as Flags from '@oclif/core/flags';
import { globalFlags, integerFlag } from '../../lib/cli/flags.js';
import { PipectlCommand } from '../../lib/cli/pipectl-command.js';
import { ensureLocalEndpoint } from '../../lib/local/daemon/ensure-local-endpoint.js';
import { endpointEnvironment, execProgram } from '../../lib/local/daemon/exec-program.js';
import { pickEndpoints } from '../../lib/local/daemon/pick-endpoints.js';
import { stateFolder } from '../../lib/local/daemon/state-folder.js';
import { UsageError } from '../../lib/shared/errors.js';

export default class LocalExec extends PipectlCommand<typeof LocalExec> {
  static override summary = 'Run a program against the local endpoint.';
  static override description =
    'Sets AWS_ENDPOINT_URL, a region and test credentials, and removes settings that redirect calls (profiles, sessions). ' +
    'Runs the program without a shell and returns its exit code. Starts the endpoint if needed.';
  static override usage = 'local exec [FLAGS] -- PROGRAM [ARGUMENT…]';
  static override examples = [
    '<%= config.bin %> local exec -- aws kinesis list-streams',
    '<%= config.bin %> local exec -- npx cdk deploy',
    "<%= config.bin %> local exec -- sh -c 'aws kinesis list-streams | jq .StreamNames'",
  ];
  static override baseFlags = globalFlags as typeof PipectlCommand.baseFlags;
  static override flags = {
    port: integerFlag({ description: 'Port of the endpoint, if several run.', min: 1, max: 65_535 }),
    region: Flags.string({
      description: 'Region for the program (default AWS_REGION or us-east-1).',
      helpValue: 'REGION',
    }),
  };
  static override strict = false;

  async run(): Promise<void> {
    // Not `this.words`: oclif moves a `--` of the program's own to the end.
    const dashes = this.argv.indexOf('--');
    const program = dashes < 0 ? [] : this.argv.slice(dashes + 1);
    if (program.length === 0 || this.words.length > program.length) {
      throw new UsageError('local exec needs a program after `--`.', {
        hint: 'For example: pipectl local exec -- aws kinesis list-streams',
      });
    }
    const record = await this.#endpoint();
    this.progress.detail(`AWS_ENDPOINT_URL=${record.url}`);
    const env = endpointEnvironment(record, this.io.env, this.flags.region);
    this.signal.throwIfAborted(); // a Ctrl-C until now was for pipectl; from now on it is the program's
    this.exitCode = await execProgram(program, env, {
      inTerminal: this.io.stdin.isTTY === true,
      onSignals: (pass) => this.io.takeSignals(pass),
    });
  }

  async #endpoint() {
    const folder = stateFolder(this.io.env);
    if (this.flags.port !== undefined) {
      const [picked] = await pickEndpoints(folder, this.flags);
      if (picked) return picked;
    }
    const { record, started } = await ensureLocalEndpoint(folder, this.signal, {
      naming: '--port',
      inert: (await this.projectFile())?.local?.inert,
    });
    if (started) this.progress.note(`started the local endpoint at ${record.url}; \`pipectl local stop\` ends it`);
    return record;
  }
}
