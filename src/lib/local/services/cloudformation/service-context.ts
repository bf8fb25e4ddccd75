import { perRegion, type ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import type { ChangeSetEntry } from './change-set.js';
import { type RunEnvironment, StackRun } from './run/stack-run.js';
import type { Stack } from './stack.js';
import { StackStore } from './stack-store.js';
import { type TypeCatalog, typeCatalog } from './type-catalog.js';
import { invalid } from './validation-error.js';

/** In real time, whatever the endpoint's clock says: somebody waits for the answer. */
const MOMENT_MS = 1000;

/** What every operation works with: the stacks of each region, and the work that is under way on them. */
export class ServiceContext {
  readonly environment: ServiceEnvironment;
  readonly types: TypeCatalog;
  readonly #stores = perRegion(() => new StackStore());
  readonly #runs = new Map<string, StackRun>();
  readonly #closing = new AbortController();

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    this.types = typeCatalog(environment.inertTypes);
  }

  store({ region }: Pick<OperationContext, 'region'>): StackStore {
    return this.#stores.in(region);
  }

  runEnvironment(region: string): RunEnvironment {
    return {
      accountId: this.environment.accountId,
      region,
      clock: this.environment.clock,
      calls: this.environment.calls(region),
      signal: this.#closing.signal,
      store: this.#stores.in(region),
      storeOf: (other) => this.#stores.in(other),
      types: this.types,
    };
  }

  /** Starts work on a stack and returns at once. What was under way is told to stop, and waited for. */
  begin(stack: Stack, token: string | undefined, work: (run: StackRun) => Promise<unknown>): void {
    const earlier = this.#runs.get(stack.id);
    if (earlier) earlier.cancelled = true;
    const run = new StackRun(stack, this.runEnvironment(stack.region));
    this.#runs.set(stack.id, run);
    const previous = stack.underWay;
    const start = async (): Promise<void> => {
      if (earlier) await previous;
      stack.token = token;
      await work(run);
    };
    stack.underWay = start()
      .catch((error: unknown) => {
        // Runs report through the stack's status; anything that escapes them is a defect of this endpoint, and is said.
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        if (!this.#closing.signal.aborted) this.environment.log(`cloudformation: work on ${stack.name} broke: ${text}`);
      })
      .finally(() => {
        if (this.#runs.get(stack.id) === run) this.#runs.delete(stack.id);
      });
  }

  /** A change set by id, or by name within its stack; undefined when there is none. */
  findChangeSet(
    nameOrId: string,
    stackName: string | undefined,
    context: Pick<OperationContext, 'region'>,
  ): ChangeSetEntry | undefined {
    const store = this.store(context);
    const byId = store.changeSets.get(nameOrId);
    if (byId) return byId;
    const stack = stackName === undefined ? undefined : store.find(stackName);
    return [...store.changeSets.values()].find(({ name, stackId }) => name === nameOrId && stackId === stack?.id);
  }

  /** @throws AwsError ChangeSetNotFound, or ValidationError where a name is given without its stack */
  changeSet(
    nameOrId: string,
    stackName: string | undefined,
    context: Pick<OperationContext, 'region'>,
  ): ChangeSetEntry {
    if (!nameOrId.startsWith('arn:')) {
      if (stackName === undefined)
        throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
      this.store(context).get(stackName, (name) => `Stack [${name}] does not exist`);
    }
    const found = this.findChangeSet(nameOrId, stackName, context);
    if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
    return found;
  }

  /**
   * Waits a moment for work that is nearly done anyway. Waiters of the AWS CLI and the SDKs look once and then only every 30 seconds, so an
   * answer a little later saves its caller half a minute.
   */
  async moment(stack: Stack, { origin, signal }: Pick<OperationContext, 'origin' | 'signal'>): Promise<void> {
    if (origin === 'internal' || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MOMENT_MS);
      signal.addEventListener('abort', () => resolve(), { once: true });
      void stack.underWay.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Asks the work under way on a stack to begin nothing new. */
  cancel(stack: Stack): void {
    const run = this.#runs.get(stack.id);
    if (run) run.cancelled = true;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the endpoint is closing'));
    for (const run of this.#runs.values()) run.cancelled = true;
    for (const store of this.#stores.all()) {
      await Promise.all([...store.stacks.values()].map((stack) => stack.underWay));
    }
  }
}
