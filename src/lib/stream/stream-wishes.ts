import { UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import { parseStreamWish, type StreamSpec, type StreamWish } from './stream-wish.js';

/**
 * What is asked of which streams: the names given, each with the flags over what the file says of it; without names, the file's streams.
 * @param specs `streams` of pipectl.yaml
 * @throws UsageError when nobody names a stream, or AWS would not take what is asked
 */
export function streamWishes(
  names: readonly string[],
  flags: StreamSpec,
  specs: Record<string, StreamSpec | null> | undefined,
): StreamWish[] {
  const ofFile = Object.keys(specs ?? {});
  const wanted = names.length > 0 ? [...new Set(names)] : ofFile;
  if (wanted.length === 0) {
    throw new UsageError('provision needs the name of a stream.', {
      hint: 'For example: pipectl provision orders --shards 3. Or list them under `streams:` in pipectl.yaml.',
    });
  }
  if (isEmpty(flags)) for (const name of names) refuseSlip(name, ofFile);
  return wanted.map((name) => {
    const spec = specs?.[name] ?? {};
    // Checked apart first, so that a message names the place where the mistake is.
    parseStreamWish(name, spec, `streams.${name}.`);
    return parseStreamWish(name, merge(spec, flags));
  });
}

const isEmpty = (flags: StreamSpec): boolean => Object.values(flags).every((value) => value === undefined);

/** A name that the file does not list, and of which nothing is said, is more likely a slip than a stream to make. */
function refuseSlip(name: string, ofFile: readonly string[]): void {
  if (ofFile.length === 0 || ofFile.includes(name)) return;
  const near = nearMatches(name, ofFile);
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  throw new UsageError(`pipectl.yaml lists no stream ${name}.`, {
    hint: `${meant}To make one that the file does not list, say how: --shards 1`,
  });
}

/** Flags win, one by one; naming a capacity by flag takes the place of the file's other kind. */
function merge(spec: StreamSpec, flags: StreamSpec): StreamSpec {
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const merged: StreamSpec = { ...spec, ...set };
  if (flags.onDemand) delete merged.shards;
  if (flags.shards !== undefined) delete merged.onDemand;
  if (spec.tags || flags.tags) merged.tags = { ...spec.tags, ...flags.tags };
  for (const key of flags.untag ?? []) if (!Object.hasOwn(flags.tags ?? {}, key)) delete merged.tags?.[key];
  return merged;
}
