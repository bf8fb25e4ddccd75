import { UsageError } from '../shared/errors.js';
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
  return wanted.map((name) => {
    const spec = specs?.[name] ?? {};
    // Checked apart first, so that a message names the place where the mistake is.
    parseStreamWish(name, spec, `streams.${name}.`);
    return parseStreamWish(name, merge(spec, flags));
  });
}

/** Flags win, one by one; naming a capacity by flag takes the place of the file's other kind. */
function merge(spec: StreamSpec, flags: StreamSpec): StreamSpec {
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const merged: StreamSpec = { ...spec, ...set };
  if (flags.onDemand) delete merged.shards;
  if (flags.shards !== undefined) delete merged.onDemand;
  if (spec.tags || flags.tags) merged.tags = { ...spec.tags, ...flags.tags };
  return merged;
}
