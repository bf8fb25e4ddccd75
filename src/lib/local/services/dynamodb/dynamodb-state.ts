import { arnOf } from '../../kit/arn.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import type { OperationContext } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { StreamStore } from '../dynamodb-streams/stream-store.js';
import { TABLE_NAME } from './constraints.js';
import { notFound, tableNotFound } from './dynamodb-errors.js';
import { IdempotencyTokens } from './idempotency.js';
import type { Table } from './table.js';

/** How long a table stays in CREATING, UPDATING and DELETING. AWS takes seconds to minutes; a person or a test should not wait, but must see the state in between. */
export const TRANSITION_MS = 30;

type Where = Pick<OperationContext, 'region' | 'accountId'>;

/** What the operations share: tables, by region and name. */
export class DynamoDbState {
  readonly environment: ServiceEnvironment;
  readonly streams: StreamStore;
  readonly #regions = perRegion(() => new Map<string, Table>());
  readonly #tokens = perRegion(() => new IdempotencyTokens());

  constructor(environment: ServiceEnvironment) {
    this.environment = environment;
    this.streams = StreamStore.of(environment);
  }

  get nowMs(): number {
    return this.environment.clock.now();
  }

  tables(region: string): Map<string, Table> {
    return this.#regions.in(region);
  }

  /** The tokens of transactions. */
  tokens(region: string): IdempotencyTokens {
    return this.#tokens.in(region);
  }

  arnOf(name: string, where: Where): string {
    return arnOf('dynamodb', where, `table/${name}`);
  }

  /** The table of this name or ARN, whatever its state. @throws AwsError ResourceNotFoundException */
  anyTable(reference: string, context: Where): Table {
    const table = this.#find(reference, context);
    if (!table) throw tableNotFound(nameIn(reference));
    return table;
  }

  /** The table of this name or ARN, for operations on its items. @throws AwsError ResourceNotFoundException unless it is there and ready */
  table(reference: string, context: Where): Table {
    const table = this.#find(reference, context);
    if (table?.isServing) return table;
    if (!table) validate({ TableName: nameIn(reference) }, { TableName: TABLE_NAME });
    throw notFound();
  }

  close(): void {
    for (const tables of this.#regions.all()) for (const table of tables.values()) table.close();
  }

  #find(reference: string, { region }: Where): Table | undefined {
    const tables = this.#regions.in(region);
    const named = tables.get(reference);
    if (named || !reference.startsWith('arn:')) return named;
    const table = tables.get(nameIn(reference));
    return table?.arn === reference ? table : undefined;
  }

  /** Carries out `change` after the state in between; unless the table is deleted by then. */
  settle(table: Table, change: () => void): void {
    this.environment.clock.after(TRANSITION_MS, () => {
      if (table.status !== 'DELETING') change();
    });
  }
}

const nameIn = (reference: string): string =>
  reference.startsWith('arn:') ? (reference.split('/')[1] ?? reference) : reference;
