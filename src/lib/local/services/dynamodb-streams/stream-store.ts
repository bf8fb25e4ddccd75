import { ChangeBell } from '../../kit/change-bell.js';
import { MemoryBudget } from '../../kit/memory-budget.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import { type StreamSettings, TableStream } from './table-stream.js';

const DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024;
const stores = new WeakMap<ServiceEnvironment, StreamStore>();

/** The streams of an endpoint's tables: DynamoDB writes them, DynamoDB Streams reads them. */
export class StreamStore {
  readonly environment: ServiceEnvironment;
  readonly changes: ChangeBell;
  readonly #memory: MemoryBudget;
  readonly #regions = perRegion(() => new Map<string, TableStream>());

  /** The one of this endpoint. */
  static of(environment: ServiceEnvironment): StreamStore {
    let store = stores.get(environment);
    if (!store) stores.set(environment, (store = new StreamStore(environment)));
    return store;
  }

  private constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    this.changes = new ChangeBell(environment.activity);
    this.#memory = new MemoryBudget(environment.memoryBytes ?? DEFAULT_MEMORY_BYTES, (bound) =>
      environment.log(
        `dynamodb: records of streams reached ${bound}; from now on the oldest are dropped before 24 hours (--memory sets the bound)`,
      ),
    );
  }

  get nowMs(): number {
    return this.environment.clock.now();
  }

  /** By ARN, in the order in which they were made. */
  in(region: string): ReadonlyMap<string, TableStream> {
    return this.#regions.in(region);
  }

  create(region: string, settings: StreamSettings): TableStream {
    const stream = new TableStream(settings, this.#memory, () => this.changes.ring(settings.arn));
    this.#regions.in(region).set(settings.arn, stream);
    return stream;
  }
}
