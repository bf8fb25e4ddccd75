import { warningOf } from './check-event.js';
import { closingWords } from './closing-words.js';
import { createResolver, type Resolver } from './create-resolver.js';
import { withKeptAddresses } from './kept-stacks.js';
import { measureSkew } from './measure-skew.js';
import type { Phases } from './phases.js';
import type { Sight } from './probes/probe.js';
import { planRecorders } from './recorder/plan-recorders.js';
import type { StartedRecorders } from './recorder/recorder.js';
import type { Recorder } from './recorder/recorders.js';
import { startRecorders } from './recorder/start-recorders.js';
import type { SessionOptions } from './session-options.js';
import { SessionStacks } from './session-stacks.js';
import type { StepContext } from './steps/step.js';
import { stepOf } from './steps/steps.js';

/** A pass that is over, whose events may still come, and then count for it. */
export interface FormerPass {
  runId: string;
  see(hop: number, sight: Sight): void;
  /** Brings its report up to date, if anything came since. */
  revise(): Promise<void>;
}

/** A check's pipeline, standing: recorders listen, stacks are deployed. Passes can be run over it until it is closed. */
export interface Session {
  readonly options: SessionOptions;
  readonly recorders: ReadonlyMap<string, Recorder>;
  readonly resolver: Resolver;
  /** Passes that are over, oldest first; each adds itself. */
  readonly formerPasses: FormerPass[];
  /** How far the target's clock is ahead of this machine's, in milliseconds. */
  readonly skewMs: number;
  /** Stacks that will stand when the session is closed, and that this session made or found. */
  readonly leftStanding: readonly string[];
  /** Takes down what this session has made, newest first, even after Ctrl-C; then the recorders. */
  close(phases: Phases): Promise<void>;
}

/** Stands the pipeline up. When that fails, what stands already is taken down again. */
export async function openSession(options: SessionOptions, phases: Phases): Promise<Session> {
  const { check, clients, signal, onEvent, deploy, disposable } = options;
  const recorders = new Map<string, Recorder>();
  const resolver = createResolver(clients, recorders, options.environment, signal);
  let servers: StartedRecorders<Recorder> | undefined;
  const skew = measureSkew(clients.target, options.clock, signal);
  const stacks = new SessionStacks(options, resolver);
  const stackSteps = check.deploy.filter((step) => step.kind === 'stack');

  const close = async (closing: Phases): Promise<void> => {
    try {
      if (disposable) return;
      if (signal.aborted && stacks.touched.length > 0)
        onEvent({ kind: 'note', text: 'interrupted: cleaning up; a second Ctrl-C leaves what is deployed' });
      await stacks.takeDown(closing);
    } finally {
      await servers?.close();
      const text = closingWords(options, stacks.undone, stacks.kept, servers?.addresses);
      if (text !== undefined) onEvent({ kind: 'afterword', text });
    }
  };
  try {
    if (deploy) await stacks.requireLeave(stackSteps);
    const names = disposable ? [] : stackSteps.map(({ stack }) => stack);
    const wishes = await withKeptAddresses(options.recorderWishes, clients, names, { canMove: deploy, signal });
    const plans = await planRecorders(check, wishes, {
      folder: options.file.folder,
      target: clients.target,
      resolve: resolver.resolve,
    });
    servers = await startRecorders(plans, {
      clock: options.clock,
      signal,
      onWaiting: (text) => onEvent({ kind: 'note', text }),
    });
    for (const [name, recorder] of servers.byName) recorders.set(name, recorder);
    const { addresses } = servers;
    const context: StepContext = {
      ...{ clients, clock: options.clock, signal, phases, onEvent },
      resolve: (text) => resolver.resolve(text),
      deployStack: (spec) => stacks.deploy(spec, addresses, phases),
    };
    for (const step of deploy ? check.deploy : []) {
      signal.throwIfAborted();
      await stepOf(step).run(step, context);
      resolver.forget();
    }
  } catch (error) {
    phases.fail();
    await close(phases).catch((also) => onEvent(warningOf(also)));
    throw error;
  }
  return { options, recorders, resolver, formerPasses: [], skewMs: await skew, leftStanding: stacks.kept, close };
}
