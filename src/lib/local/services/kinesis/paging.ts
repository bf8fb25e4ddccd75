import { AwsError } from '../../wire/aws-error.js';
import { invalidArgument } from './aws-errors.js';
import type { KinesisState } from './kinesis-state.js';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
const TOKEN_LIFE_MS = 300_000;

/** Whose token a page is of. */
export type PageKind = 'list-shards' | 'list-streams' | 'list-consumers';

/** Where a listing goes on. */
export interface Page {
  /** The last name or id of the page before. */
  after: string;
  streamArn?: string;
  streamId?: string;
  filter?: { type: string; shardId?: string; timestampMs?: number };
}

/** A NextToken that is good for 300 seconds. */
export const sealPage = (state: KinesisState, kind: PageKind, page: Page): string =>
  state.tokens.seal(kind, { ...page, atMs: state.nowMs });

/** @throws AwsError ExpiredNextTokenException after 300 seconds, InvalidArgumentException for what is no token of this kind */
export function openPage(state: KinesisState, kind: PageKind, token: string): Page {
  const page = state.tokens.open(kind, token) as (Page & { atMs: number }) | undefined;
  if (!page) throw invalidArgument(`NextToken ${token} is invalid.`);
  if (state.nowMs - page.atMs > TOKEN_LIFE_MS) {
    throw new AwsError('ExpiredNextTokenException', 'The pagination token passed to the operation is expired.');
  }
  return page;
}
