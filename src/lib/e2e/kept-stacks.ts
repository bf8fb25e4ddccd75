import type { Stack } from '@aws-sdk/client-cloudformation';
import { parseRecorderHost, type RecorderAddress } from '../project/recorder-address.js';
import { describeStack } from '../stack/describe-stack.js';
import type { Clients } from '../target/clients.js';
import type { RecorderWishes } from './recorder/plan-recorders.js';

const RECORDER_TAG = 'pipectl:e2e:recorder:';

/** What CloudFormation takes in a tag's value. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Tags by which kept stacks remember where their recorders listened: each run would take new ports, and the stacks post to the old ones.
 * @param addresses by recorder, as `--recorder-host` takes them
 */
export const recorderTags = (addresses: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...addresses].filter(canBeTag).map(([name, address]) => [`${RECORDER_TAG}${name}`, address]));

/** The flags for what the tags cannot hold. */
export const recorderFlags = (addresses: ReadonlyMap<string, string>): string[] =>
  [...addresses]
    .filter((entry) => !canBeTag(entry))
    .flatMap(([name, address]) => ['--recorder-host', `${name}=${address}`]);

const canBeTag = ([, address]: readonly [string, string]): boolean => TAG_VALUE.test(address);

/**
 * The command line's addresses of recorders, with those of kept stacks where it says nothing, or names no port.
 * @param stackNames the stacks of the check
 * @param canMove whether the stacks are about to be deployed, so that they can be told another port if somebody has the kept one
 */
export async function withKeptAddresses(
  wishes: RecorderWishes,
  clients: Clients,
  stackNames: readonly string[],
  { canMove, signal }: { canMove: boolean; signal: AbortSignal },
): Promise<RecorderWishes> {
  const stacks = await Promise.all(stackNames.map((name) => describeStack(clients, name, signal)));
  const addresses = new Map(wishes.addresses);
  for (const [name, kept] of stacks.flatMap(addressesOf)) {
    const wished = addresses.get(name) ?? addresses.get('');
    if (wished?.port !== undefined) continue;
    addresses.set(name, { ...(wished ?? kept), port: kept.port, kept: canMove ? 'preferred' : 'fixed' });
  }
  return { ...wishes, addresses };
}

function addressesOf(stack: Stack | undefined): [string, RecorderAddress][] {
  return (stack?.Tags ?? []).flatMap(({ Key = '', Value = '' }): [string, RecorderAddress][] =>
    Key.startsWith(RECORDER_TAG)
      ? [[Key.slice(RECORDER_TAG.length), parseRecorderHost(Value, `the tag ${Key}`).address]]
      : [],
  );
}
