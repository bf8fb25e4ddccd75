import { resolve as resolvePath } from 'node:path';
import { OperationError, PipectlError } from '../shared/errors.js';
import type { DeployEvent, ResourceEvent } from '../stack/deploy-request.js';
import { deployStack } from '../stack/deploy-stack.js';
import { describeStack } from '../stack/describe-stack.js';
import { destroyStack } from '../stack/destroy-stack.js';
import { refuseEndedTypes } from '../stack/refuse-ended-types.js';
import { restoreStack, type StackSnapshot, snapshotStack } from '../stack/restore-stack.js';
import { readTemplateFile } from '../stack/template-file.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import { claimStack, ownerTag, standingOf } from './claim-stack.js';
import type { Resolver } from './create-resolver.js';
import { recorderTags } from './kept-stacks.js';
import { newRunId } from './marker.js';
import { deleteLogGroups, logGroupsToCome } from './own-log-groups.js';
import type { Phases } from './phases.js';
import type { SessionOptions } from './session-options.js';
import type { StackSpec } from './steps/step.js';
import { destroyCommand } from './target-words.js';

/** The stacks of a check as one session deploys them, and what it undoes at its end. */
export class SessionStacks {
  /** Stacks that stay when the session is closed, and that a check made. */
  readonly kept: string[] = [];
  /** What has been undone so far, for people: `deleted orders`, `restored data-pipeline`. */
  readonly undone: string[] = [];
  readonly #options: SessionOptions;
  readonly #resolver: Resolver;
  readonly #sessionId = newRunId();
  /** In the order of deployment. A stack without a snapshot is this session's, to be deleted. */
  readonly #touched: { stackName: string; former?: StackSnapshot }[] = [];
  readonly #logGroups: string[] = [];
  /** What stacks that no check made are made from, by name. */
  readonly #former = new Map<string, StackSnapshot>();

  constructor(options: SessionOptions, resolver: Resolver) {
    this.#options = options;
    this.#resolver = resolver;
  }

  /** Stacks that this session will delete or restore, in the order of deployment. */
  get touched(): readonly string[] {
    return this.#touched.map(({ stackName }) => stackName);
  }

  /**
   * Looks whether stacks of the check exist that no check made: to deploy them changes what somebody uses. With leave to do that, remembers
   * what they are made from.
   * @throws OperationError if there are, and neither the command line nor the person at the terminal agrees, or they cannot be restored
   */
  async requireLeave(steps: readonly StackSpec[]): Promise<void> {
    const { clients, file, signal, disposable, updateExisting, confirm } = this.#options;
    if (clients.target.kind === 'aws')
      for (const { template } of steps)
        refuseEndedTypes(await readTemplateFile(resolvePath(file.folder, template)), clients.target);
    if (disposable) return;
    const found = await Promise.all(steps.map(({ stack }) => describeStack(clients, stack, signal)));
    const foreign = steps.filter((_, index) => standingOf(found[index], this.#sessionId) === 'foreign');
    if (foreign.length === 0) return;
    const names = foreign.map(({ stack }) => stack);
    if (
      !updateExisting &&
      !(await confirm?.(`${inWords(names, this.#where())}. Update for this run, and restore afterwards?`))
    )
      throw this.#refusal(names);
    for (const step of foreign) this.#former.set(step.stack, await this.#remember(step));
  }

  /** Deploys a stack that is this session's to make, one that a check kept, or, with leave, one that is to be restored afterwards. */
  async deploy(step: StackSpec, addresses: ReadonlyMap<string, string>, phases: Phases): Promise<void> {
    const { clients, clock, signal, keep, disposable, onEvent } = this.#options;
    const onWaiting = (text: string): void => onEvent({ kind: 'note', text });
    for (;;) {
      phases.begin(`deploy ${step.stack}`);
      const standing = await claimStack(step.stack, { clients, clock, sessionId: this.#sessionId, signal, onWaiting });
      const staysKept = keep || standing === 'kept';
      const foreign = standing === 'foreign';
      const former = this.#former.get(step.stack);
      if (foreign && !former) throw this.#refusal([step.stack]);
      if (foreign && !this.touched.includes(step.stack))
        this.#touched.push({ stackName: step.stack, ...(former && { former }) });
      else if (staysKept && !this.kept.includes(step.stack)) this.kept.push(step.stack);
      else if (standing === 'missing') this.#touched.push({ stackName: step.stack });
      const owned = { ...ownerTag(this.#sessionId, staysKept), ...(staysKept && recorderTags(addresses)) };
      try {
        await this.#deploy({ ...step, tags: foreign ? step.tags : { ...step.tags, ...owned } });
        break;
      } catch (error) {
        // Two runs may both have found nothing: the one that came second waits for the other.
        const now = standing === 'missing' ? await describeStack(clients, step.stack) : undefined;
        if (standingOf(now, this.#sessionId) !== 'another-run') throw error;
        (staysKept ? this.kept : this.#touched).pop();
        phases.fail('another run made it first');
      }
    }
    if (!disposable && this.#touched.some(({ stackName, former }) => stackName === step.stack && !former))
      this.#logGroups.push(...(await logGroupsToCome(clients, step.stack, signal)));
  }

  /**
   * Deletes what this session made and restores what it updated, newest first; what fails does not stop the others.
   * Not by the session's signal: this is what Ctrl-C is for.
   * @throws OperationError with the first failure
   */
  async takeDown(phases: Phases): Promise<void> {
    const { clients, onEvent } = this.#options;
    const failures: { stackName: string; error: Error; former: boolean }[] = [];
    for (const { stackName, former } of [...this.#touched].reverse()) {
      const hear = (event: DeployEvent): void => onEvent({ kind: 'deploy', stack: stackName, event });
      phases.begin(`${former ? 'restore' : 'destroy'} ${stackName}`);
      try {
        if (former) await restoreStack(clients, former, hear);
        else await destroyStack(clients, { stackName, onEvent: hear });
        this.undone.push(`${former ? 'restored' : 'deleted'} ${stackName}`);
      } catch (error) {
        failures.push({ stackName, error: error as Error, former: former !== undefined });
        phases.fail();
      }
    }
    await deleteLogGroups(clients, this.#logGroups).catch((error: Error) => {
      failures.push({ stackName: '', error, former: false });
      phases.fail();
    });
    phases.end();
    this.#explain(failures);
  }

  #explain(failures: readonly { stackName: string; error: Error; former: boolean }[]): void {
    const { clients } = this.#options;
    const [first] = failures;
    if (!first) return;
    const changed = failures.filter(({ former }) => former).map(({ stackName }) => stackName);
    const made = this.#touched.filter(({ former }) => !former).map(({ stackName }) => stackName);
    throw new OperationError(
      `Taking down: ${explainSdkError(first.error, clients.target)?.message ?? first.error.message}`,
      {
        hint: [
          ...(changed.length > 0 ? [`Deploy again with their own parameters: ${changed.join(', ')}`] : []),
          ...(made.length > 0 ? [`Remove what stands: ${destroyCommand(made.reverse(), clients.target)}`] : []),
        ].join('\n'),
        cause: first.error,
      },
    );
  }

  #where(): string {
    const { endpointUrl, region } = this.#options.clients.target;
    return `in ${region}${endpointUrl === undefined ? '' : ` at ${endpointUrl}`}`;
  }

  #refusal(stacks: readonly string[]): OperationError {
    return new OperationError(`${inWords(stacks, this.#where())}.`, {
      hint: 'To use what is deployed: pipectl e2e --no-deploy\nTo update it for this run and restore it afterwards: pipectl e2e --update-existing',
    });
  }

  async #remember(step: StackSpec): Promise<StackSnapshot> {
    const { clients, file, signal } = this.#options;
    const { parameters } = await readTemplateFile(resolvePath(file.folder, step.template));
    const change = { changing: Object.keys(step.parameters), keeping: parameters.map(({ name }) => name) };
    return snapshotStack(clients, step.stack, change, signal);
  }

  async #deploy(step: StackSpec): Promise<void> {
    const { file, clients, signal, onEvent } = this.#options;
    const parameters: Record<string, string> = {};
    for (const [key, value] of Object.entries(step.parameters)) parameters[key] = await this.#resolver.resolve(value);
    let failed: ResourceEvent | undefined;
    const hear = (event: DeployEvent): void => {
      if (event.kind === 'resource' && /_FAILED$/.test(event.event.status)) failed ??= event.event;
      onEvent({ kind: 'deploy', stack: step.stack, event });
    };
    const templatePath = resolvePath(file.folder, step.template);
    try {
      await deployStack(clients, {
        stackName: step.stack,
        templatePath,
        parameters,
        tags: step.tags,
        signal,
        onEvent: hear,
      });
    } catch (error) {
      if (failed?.type === 'AWS::Logs::SubscriptionFilter' && error instanceof PipectlError) {
        throw new OperationError(
          `${error.message.replace(/\.$/, '')}. A function's log group appears only with its first invocation.`,
          {
            hint: `Invoke the function before the stack ${step.stack}: "- invoke: FUNCTION" under "deploy:".`,
            cause: error,
          },
        );
      }
      throw error;
    }
  }
}

const inWords = (stacks: readonly string[], where: string): string =>
  stacks.length === 1
    ? `Stack "${stacks[0]}" exists ${where}, and no check made it`
    : `Stacks ${stacks.map((name) => `"${name}"`).join(', ')} exist ${where}, and no check made them`;
