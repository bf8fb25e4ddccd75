import type { Client } from 'pg';

/** A query may wait for a lock that the pipeline holds; the next round asks again. */
const QUERY_MS = 10_000;
const CONNECT_MS = 5000;

/** A connection that is made when it is needed, and made again after it broke. */
export class PostgresClient {
  readonly #url: string;
  #client: Promise<Client> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns the rows, as `pg` reads their values. @throws what the server says */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    const client = await (this.#client ??= this.#connect());
    const answer = await client.query(sql);
    // Several statements in one text have an answer each.
    const last = Array.isArray(answer) ? answer.at(-1) : answer;
    return last?.rows ?? [];
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<Client> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'pipectl',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: QUERY_MS,
    });
    const forget = (): void => {
      this.#client = undefined;
    };
    client.on('error', forget).on('end', forget);
    try {
      await client.connect();
    } catch (error) {
      forget();
      throw error;
    }
    return client;
  }
}
