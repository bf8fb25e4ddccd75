import { streamNameIn } from '../arn-parts.js';
import type { Resolver } from '../create-resolver.js';
import type { ProbeSpec } from '../probes/probes.js';

/** What an event source mapping can read. */
export interface EventSource {
  /** `the stream orders`, for people. */
  what: string;
  /** Its name, which is unique within its service. */
  name: string;
  /** Whether a mapping with this ARN reads it. */
  isReadBy(arn: string | undefined): boolean;
}

/** @returns undefined for what no mapping reads */
export async function eventSourceOf(probe: ProbeSpec, resolver: Resolver): Promise<EventSource | undefined> {
  if (probe.kind === 'stream') {
    const named = await resolver.resolve(probe.stream);
    const name = streamNameIn(named) ?? named;
    return { what: `the stream ${name}`, name, isReadBy: (arn) => streamNameIn(arn) === name };
  }
  if (probe.kind === 'table') {
    const name = tableName(await resolver.resolve(probe.table));
    return {
      what: `the stream of the table ${name}`,
      name,
      isReadBy: (arn = '') => arn.includes(`:table/${name}/stream/`),
    };
  }
  return undefined;
}

/** `orders`, or the name in `arn:aws:dynamodb:REGION:ACCOUNT:table/orders`. */
export const tableName = (nameOrArn: string): string =>
  /:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
