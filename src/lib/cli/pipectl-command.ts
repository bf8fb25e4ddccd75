import type { Interfaces } from '@oclif/core';
import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import type { ProjectFile } from '../project/project-file.js';
import type { ChosenStream } from '../stream/choose-stream.js';
import { type Clients, createClients } from '../target/clients.js';
import { credentialsInWords } from '../target/environment-keys.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import { resolveTarget, serviceEndpoints, type TargetFlags } from '../target/resolve-target.js';
import type { Target } from '../target/target.js';
import type { CommandIo } from './command-io.js';
import { createOutput } from './create-output.js';
import { createProgress, type LiveProgress } from './create-progress.js';
import { explainParseError, refuseValuesOfSwitches } from './explain-parse-error.js';
import { ownWords } from './find-command.js';
import { globalFlags, targetFlags } from './flags.js';
import type { Output } from './output.js';
import type { Progress } from './progress.js';

type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<(typeof PipectlCommand)['baseFlags'] & T['flags']>;
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/**
 * What every command is made of. A command declares its flags and arguments, reads `this.flags` and `this.args`, calls one service of a
 * feature, and gives its result to `this.out`.
 *
 * ```ts
 * export default class Streams extends PipectlCommand<typeof Streams> {
 *   static override summary = 'List the streams.';
 *   static override examples = ['<%= config.bin %> streams'];
 *   async run(): Promise<void> {
 *     const streams = await listStreams(await this.clients(), this.signal);
 *     await this.out.result(streams, (rows) => renderTable(rows, columns, this.out));
 *   }
 * }
 * ```
 */
export abstract class PipectlCommand<T extends typeof Command> extends Command {
  static override baseFlags: typeof globalFlags & typeof targetFlags = { ...globalFlags, ...targetFlags };

  declare protected flags: FlagsOf<T>;
  declare protected args: ArgsOf<T>;
  /** Every word that is not a flag, arguments included: for commands with `strict = false`. */
  declare protected words: string[];
  declare protected io: CommandIo;
  declare protected out: Output;
  declare protected progress: Progress;
  /** For an answer that is no failure and still not 0: `provision --check` found drift, the program of `exec` ended with 7. */
  protected exitCode = 0;
  #decidedTarget: Promise<Target> | undefined;
  #openTarget: Promise<Target> | undefined;
  /** The decided target, where its URL turned out to be that of a local endpoint. */
  #recognized: Target | undefined;
  #projectFile: Promise<ProjectFile | undefined> | undefined;
  #clients: Clients[] = [];
  #saidLate = false;

  /** Makes the command, runs it to its end, and gives its exit code. oclif's own `run` would load its configuration a second time. */
  static async execute(
    Class: new (argv: string[], config: Config) => PipectlCommand<typeof Command>,
    argv: string[],
    config: Config,
    io: CommandIo,
  ): Promise<number> {
    const command = new Class(argv, config);
    command.io = io;
    await command._run();
    return command.exitCode;
  }

  /** Aborts on Ctrl-C, SIGTERM, and when the reader of stdout goes away. Hand it to everything that waits. */
  protected get signal(): AbortSignal {
    return this.io.signal;
  }

  /** The target, ready to be talked to: the local endpoint is started when it does not run. */
  protected target(): Promise<Target> {
    this.#openTarget ??= this.#open();
    return this.#openTarget;
  }

  /** The target as flags, environment and file decide it, whether or not anything answers there. */
  protected decidedTarget(): Promise<Target> {
    this.#decidedTarget ??= this.#decide();
    return this.#decidedTarget;
  }

  /** SDK clients for the target; closed when the command ends. */
  protected async clients(options: { maxAttempts?: number } = {}): Promise<Clients> {
    const target = await this.target();
    const where = target.endpointUrl ?? `AWS in ${target.region}`;
    const onLate = (): void => {
      if (!this.#saidLate) this.progress.note(`still waiting for ${where} to answer`);
      this.#saidLate = true;
    };
    const clients = createClients(target, { ...options, onLate });
    this.#clients.push(clients);
    return clients;
  }

  /** `pipectl.yaml` of the current folder or of one above it, if there is one. */
  protected projectFile(): Promise<ProjectFile | undefined> {
    this.#projectFile ??= this.#loadProjectFile();
    return this.#projectFile;
  }

  /**
   * The stream to work on: the one named; else PIPECTL_STREAM, the file's, the only one there is.
   * @param shardsIfMade on the local target a missing stream is made, with so many shards; left out, it is an error
   */
  protected async chooseStream(
    named: string | undefined,
    shardsIfMade?: number,
    options: { refuseNear?: boolean; create?: boolean } = {},
  ): Promise<ChosenStream> {
    const [target, clients, file] = await Promise.all([this.target(), this.clients(), this.projectFile()]);
    const { chooseStream } = await import('../stream/choose-stream.js');
    const chosen = await chooseStream(clients.kinesisControl(), {
      named,
      variable: this.io.env.PIPECTL_STREAM,
      fromFile: file?.stream,
      target,
      shardsIfMade,
      ...options,
      signal: this.signal,
      onMaking: (name, shards) => this.progress.note(`making ${name} with ${shards} shard${shards === 1 ? '' : 's'}`),
    });
    this.progress.detail(`stream: ${chosen.name} (${chosen.why})`);
    return chosen;
  }

  override async init(): Promise<void> {
    await super.init();
    // Made before the parse, which may fail: an error needs a door too.
    const own = ownWords(this.argv);
    const progress: LiveProgress = createProgress(this.io, {
      verbose: own.includes('--verbose'),
      noColor: own.includes('--no-color'),
    });
    this.progress = progress;
    refuseValuesOfSwitches(own, Object.keys(this.#unsetSwitches()));
    const { args, argv, flags } = await this.parse({
      args: withoutStdin(this.ctor.args),
      flags: this.ctor.flags,
      baseFlags: this.ctor.baseFlags,
      strict: this.ctor.strict,
    }).catch((error: unknown) => {
      throw explainParseError(error, { id: this.commandName(), flags: this.#flagNames() }) ?? error;
    });
    this.args = args as ArgsOf<T>;
    this.flags = { ...this.#unsetSwitches(), ...flags } as FlagsOf<T>;
    this.words = argv as string[];
    const sharesTerminal = this.io.stdout.isTTY === true && progress.isTTY;
    this.out = createOutput(this.io, {
      json: this.flags.json === true,
      noColor: this.flags['no-color'] === true,
      ...(sharesTerminal && { beforeWrite: progress.clear }),
    });
  }

  /** Errors go to `runCli`, which knows exit codes; an error of the SDK becomes a sentence about the target on the way. */
  override async catch(error: unknown): Promise<never> {
    const target = await (this.#openTarget ?? this.#decidedTarget)?.catch(() => undefined);
    throw explainSdkError(error, target) ?? error;
  }

  override async finally(): Promise<void> {
    this.progress?.stop();
    for (const clients of this.#clients) clients.close();
  }

  protected commandName(): string {
    return (this.id ?? '').replaceAll(':', ' ');
  }

  /** oclif types a switch that was not given as boolean, and leaves it undefined. */
  #unsetSwitches(): Record<string, false> {
    const flags = Object.entries({ ...this.ctor.baseFlags, ...this.ctor.flags });
    return Object.fromEntries(flags.flatMap(([name, flag]) => (flag.type === 'boolean' ? [[name, false]] : [])));
  }

  #flagNames(): string[] {
    return Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags });
  }

  async #loadProjectFile(): Promise<ProjectFile | undefined> {
    const { loadNearestProjectFile } = await import('../project/load-project-file.js');
    const file = await loadNearestProjectFile(this.io.cwd);
    if (file) this.progress.detail(`project file: ${file.path}`);
    return file;
  }

  async #decide(): Promise<Target> {
    const { mistakenForLocalStack, recognizeLocal } = await import('./open-target.js');
    const target = resolveTarget(this.flags as TargetFlags, this.io.env, await this.projectFile());
    this.#recognized = await recognizeLocal(target, this.io);
    const mistake = await mistakenForLocalStack(target);
    if (mistake !== undefined) this.progress.warn(mistake);
    const { kind, region, why } = this.#recognized ?? target;
    this.progress.detail(`target: ${kind}, region ${region} (${why})`);
    return target;
  }

  async #open(): Promise<Target> {
    const { openTarget } = await import('./open-target.js');
    const decided = await this.decidedTarget();
    const target =
      this.#recognized ?? (await openTarget(decided, this.io, this.progress, (await this.projectFile())?.local?.inert));
    const endpoint = target.endpointUrl ?? ["AWS's own", ...serviceEndpoints(this.io.env, target.profile)].join(', ');
    this.progress.detail(`endpoint: ${endpoint}`);
    if (target.kind === 'aws') this.progress.detail(`credentials: ${credentialsInWords(target)}`);
    return target;
  }
}

/** oclif takes a missing argument from stdin: in a `while read` loop it would eat the loop's input, and act on it. */
function withoutStdin(args: Interfaces.ArgInput): Interfaces.ArgInput {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]));
}
