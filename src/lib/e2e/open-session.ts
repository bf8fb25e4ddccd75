import { resolve as resolvePath } from 'node:path';
import type { Check, DeployStep, ProjectFile } from '../project/project-file.js';
import type { Clock } from '../shared/clock.js';
import { OperationError, PipectlError } from '../shared/errors.js';
import type { DeployEvent, ResourceEvent } from '../stack/deploy-request.js';
import { deployStack } from '../stack/deploy-stack.js';
import { describeStack } from '../stack/describe-stack.js';
import { destroyStack } from '../stack/destroy-stack.js';
import type { Clients } from '../target/clients.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import { type CheckEvent, warningOf } from './check-event.js';
import { claimStack, ownerTag, standingOf } from './claim-stack.js';
import { createResolver, type Resolver } from './create-resolver.js';
import { newRunId } from './marker.js';
import { measureSkew } from './measure-skew.js';
import { deleteLogGroups, logGroupsToCome } from './own-log-groups.js';
import type { Phases } from './phases.js';
import type { Recorder } from './recorder/create-recorder.js';
import { planRecorders, type RecorderWishes } from './recorder/plan-recorders.js';
import { type Recorders, startRecorders } from './recorder/start-recorders.js';
import { functionErrorText } from './senders/open-invoke-sender.js';
import { destroyCommand } from './target-words.js';
import { waitForLogGroup } from './wait-for-log-group.js';

export interface SessionOptions {
  file: ProjectFile;
  check: Check;
  clients: Clients;
  clock: Clock;
  environment: NodeJS.ProcessEnv;
  /** False uses what stands. */
  deploy: boolean;
  /** Leave everything standing. */
  keep: boolean;
  /** Nothing of the target outlives this session, so nothing needs to be taken down. */
  disposable: boolean;
  /** What the command line says of recorders. */
  recorderWishes: RecorderWishes;
  signal: AbortSignal;
  onEvent(event: CheckEvent): void;
}

/** A check's pipeline, standing: recorders listen, stacks are deployed. Passes can be run over it until it is closed. */
export interface Session {
  readonly options: SessionOptions;
  readonly recorders: ReadonlyMap<string, Recorder>;
  readonly resolver: Resolver;
  /** How far the target's clock is ahead of this machine's, in milliseconds. */
  readonly skewMs: number;
  /** Stacks that will stand when the session is closed, and that this session made or found. */
  readonly leftStanding: readonly string[];
  /** Takes down what this session has made, newest first, even after Ctrl-C; then the recorders. */
  close(phases: Phases): Promise<void>;
}

/** Stands the pipeline up. When that fails, what stands already is taken down again. */
export async function openSession(options: SessionOptions, phases: Phases): Promise<Session> {
  const { check, clients, signal, onEvent } = options;
  const recorders = new Map<string, Recorder>();
  const resolver = createResolver(clients, recorders, options.environment, signal);
  let servers: Recorders | undefined;
  const sessionId = newRunId();
  const skew = measureSkew(clients.target, options.clock, signal);
  const made: string[] = [];
  const logGroups: string[] = [];
  const leftStanding: string[] = [];

  const close = async (closing: Phases): Promise<void> => {
    try {
      if (options.keep || options.disposable || made.length === 0) return;
      if (signal.aborted)
        onEvent({ kind: 'note', text: 'taking down what this run has made; a second Ctrl-C leaves it standing' });
      await takeDown(made, logGroups, options, closing);
    } finally {
      await servers?.close();
    }
  };
  try {
    const plans = await planRecorders(check, options.recorderWishes, clients.target, resolver.resolve);
    servers = await startRecorders(plans, {
      clock: options.clock,
      signal,
      onWaiting: (text) => onEvent({ kind: 'note', text }),
    });
    for (const [name, recorder] of servers.byName) recorders.set(name, recorder);
    for (const step of options.deploy ? check.deploy : []) {
      signal.throwIfAborted();
      if (step.kind === 'invoke') await prime(step, options, resolver, phases);
      else {
        await deployClaimed(step, options, resolver, phases, sessionId, made, leftStanding);
        if (made.includes(step.stack) && !options.keep && !options.disposable)
          logGroups.push(...(await logGroupsToCome(clients, step.stack, signal)));
      }
      resolver.forget();
    }
  } catch (error) {
    phases.fail();
    await close(phases).catch((also) => onEvent(warningOf(also)));
    throw error;
  }
  return { options, recorders, resolver, skewMs: await skew, leftStanding, close };
}

/** Deploys a stack that is this session's to make, or brings one that stood before up to date and leaves it. */
async function deployClaimed(
  step: Extract<DeployStep, { kind: 'stack' }>,
  options: SessionOptions,
  resolver: Resolver,
  phases: Phases,
  sessionId: string,
  made: string[],
  leftStanding: string[],
): Promise<void> {
  const { clients, clock, signal, onEvent } = options;
  const onWaiting = (text: string): void => onEvent({ kind: 'note', text });
  for (;;) {
    const standing = await claimStack(step.stack, { clients, clock, sessionId, signal, onWaiting });
    const ours = standing !== 'somebody';
    const tags = ours ? { ...step.tags, ...ownerTag(sessionId, options.keep) } : step.tags;
    if (ours) made.push(step.stack);
    if (!ours || options.keep) leftStanding.push(step.stack);
    try {
      await deployStep({ ...step, tags }, options, resolver, phases);
      return;
    } catch (error) {
      // Two runs may both have found nothing: the one that came second waits for the other.
      const now = standing === 'missing' ? await describeStack(clients, step.stack) : undefined;
      if (standingOf(now, sessionId) !== 'another-run') throw error;
      made.pop();
      phases.fail('another run has made it first');
    }
  }
}

async function deployStep(
  step: Extract<DeployStep, { kind: 'stack' }>,
  options: SessionOptions,
  resolver: Resolver,
  phases: Phases,
): Promise<void> {
  const { file, clients, signal, onEvent } = options;
  phases.begin(`deploy ${step.stack}`);
  const parameters: Record<string, string> = {};
  for (const [key, value] of Object.entries(step.parameters)) parameters[key] = await resolver.resolve(value);
  let failed: ResourceEvent | undefined;
  const hear = (event: DeployEvent): void => {
    if (event.kind === 'resource' && /_FAILED$/.test(event.event.status)) failed ??= event.event;
    onEvent({ kind: 'deploy', stack: step.stack, event });
  };
  try {
    await deployStack(clients, {
      stackName: step.stack,
      templatePath: resolvePath(file.folder, step.template),
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

/** Invokes a function once and waits for its log group: on AWS, the group comes some seconds after the answer. */
async function prime(
  step: Extract<DeployStep, { kind: 'invoke' }>,
  { clients, clock, signal, onEvent }: SessionOptions,
  resolver: Resolver,
  phases: Phases,
): Promise<void> {
  const name = await resolver.resolve(step.functionName);
  phases.begin(`prime ${name}`);
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const lambda = await clients.lambda();
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(step.payload)) }),
    { abortSignal: signal },
  );
  if (answer.FunctionError !== undefined) {
    throw new OperationError(`Priming: ${functionErrorText(name, answer.Payload)}`, {
      hint: 'Mend the function, or the payload of this "invoke" step.',
    });
  }
  if (!(await waitForLogGroup(clients, clock, name, signal)))
    onEvent({ kind: 'warning', text: `${name} was invoked, but its log group has not appeared yet.` });
}

/** Not by the session's signal: taking down is what Ctrl-C is for. */
async function takeDown(
  stacks: readonly string[],
  logGroups: readonly string[],
  { clients, onEvent }: SessionOptions,
  phases: Phases,
): Promise<void> {
  const failures: Error[] = [];
  const newestFirst = [...stacks].reverse();
  for (const stackName of newestFirst) {
    phases.begin(`destroy ${stackName}`);
    try {
      await destroyStack(clients, {
        stackName,
        onEvent: (event) => onEvent({ kind: 'deploy', stack: stackName, event }),
      });
    } catch (error) {
      failures.push(error as Error);
      phases.fail();
    }
  }
  await deleteLogGroups(clients, logGroups).catch((error: Error) => {
    failures.push(error);
    phases.fail();
  });
  phases.end();
  const [first] = failures;
  if (first) {
    throw new OperationError(`Taking down: ${explainSdkError(first, clients.target)?.message ?? first.message}`, {
      hint: `Remove what stands: ${destroyCommand(newestFirst, clients.target)}`,
      cause: first,
    });
  }
}
