import type { FailMode } from '../../project/fail-mode.js';
import type { RecorderAddress } from '../../project/recorder-address.js';
import { UsageError } from '../../shared/errors.js';
import type { Check } from '../check-file/check.js';
import type { RecorderPlan, RecorderWish } from './recorder.js';
import { type RecorderSpec, recorderKindOf } from './recorders.js';

/** What the command line says of recorders, by name; `''` is for all that are not named. */
export interface RecorderWishes {
  addresses: ReadonlyMap<string, RecorderAddress>;
  /** Instead of what the check says. */
  failModes: ReadonlyMap<string, readonly FailMode[]>;
}

/** What all recorders of a check are planned with. */
export type Planning = Pick<RecorderWish, 'folder' | 'target' | 'resolve'>;

/**
 * What the recorders of a check are to be.
 * @throws UsageError if the target cannot reach one of them
 */
export async function planRecorders(
  check: Check,
  { addresses, failModes }: RecorderWishes,
  planning: Planning,
): Promise<RecorderPlan<RecorderSpec>[]> {
  return Promise.all(
    Object.entries(check.recorders).map(([name, spec]) =>
      recorderKindOf(spec.kind).plan(spec, {
        ...planning,
        name,
        address: addresses.get(name) ?? addresses.get(''),
        fail: failModes.get(name) ?? failModes.get(''),
      }),
    ),
  );
}

/** @throws UsageError when a flag names a recorder that none of the checks has */
export function requireKnownRecorders(checks: readonly Check[], { addresses, failModes }: RecorderWishes): void {
  const known = [...new Set(checks.flatMap(({ recorders }) => Object.keys(recorders)))];
  const named = [
    ['--recorder-host', addresses],
    ['--fail', failModes],
  ] as const;
  for (const [flag, wishes] of named) {
    for (const name of wishes.keys()) {
      if (name === '' ? known.length > 0 : known.includes(name)) continue;
      const whose = checks.length === 1 ? `the check ${checks[0]?.name} has` : 'these checks have';
      throw new UsageError(`${flag}: ${whose} no recorder${name === '' ? '' : ` "${name}"`}.`, {
        hint: known.length > 0 ? `There is ${known.join(', ')}.` : 'Recorders are named under "recorders:".',
      });
    }
  }
}
