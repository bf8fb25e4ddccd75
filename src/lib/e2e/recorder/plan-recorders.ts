import type { FailMode } from '../../project/fail-mode.js';
import type { RecorderAddress } from '../../project/recorder-address.js';
import { UsageError } from '../../shared/errors.js';
import type { Target } from '../../target/target.js';
import type { Check } from '../check-file/check.js';
import type { RecorderPlan } from './start-recorders.js';

/** What the command line says of recorders, by name; `''` is for all that are not named. */
export interface RecorderWishes {
  addresses: ReadonlyMap<string, RecorderAddress>;
  /** Instead of what the check says. */
  failModes: ReadonlyMap<string, readonly FailMode[]>;
}

/**
 * What the recorders of a check are to be.
 * @param resolve looks up tokens
 * @throws UsageError when the target cannot reach one of them
 */
export async function planRecorders(
  check: Check,
  { addresses, failModes }: RecorderWishes,
  target: Target,
  resolve: (text: string) => Promise<string>,
): Promise<RecorderPlan[]> {
  return Promise.all(
    Object.entries(check.recorders).map(async ([name, { token, ...spec }]) => {
      const address = addresses.get(name) ?? addresses.get('');
      if (target.kind === 'aws' && address === undefined) {
        throw new UsageError(`Functions on AWS cannot reach the recorder ${name} on this machine.`, {
          hint: 'Open a tunnel to a port here and name it: --recorder-host https://NAME.example=8080; docs/aws.md shows how.',
        });
      }
      const fail = [...(failModes.get(name) ?? failModes.get('') ?? spec.fail)];
      return { name, address, spec: { ...spec, fail, ...(token !== undefined && { token: await resolve(token) }) } };
    }),
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
