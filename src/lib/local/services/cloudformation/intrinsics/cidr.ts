import { isIP } from 'node:net';
import { templateError } from '../validation-error.js';

/**
 * `count` blocks of `hostBits` host bits each, one after another from the start of `block`, as Fn::Cidr cuts them.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(block: string, count: number, hostBits: number): string[] {
  const [address = '', prefixText = ''] = block.split('/');
  const version = isIP(address);
  const width = version === 4 ? 32 : 128;
  const prefix = Number(prefixText);
  if (version === 0 || prefixText === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > width)
    throw templateError(`Fn::Cidr: ${block} is not an IP address block.`);
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw templateError('Fn::Cidr: the count must be between 1 and 256.');
  if (
    !Number.isInteger(hostBits) ||
    hostBits < 1 ||
    hostBits > width - prefix ||
    2 ** (width - prefix - hostBits) < count
  )
    throw templateError(`Fn::Cidr: ${block} has no room for ${count} blocks of ${hostBits} bits.`);
  const size = 1n << BigInt(hostBits);
  const first = (toNumber(address, version) >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from(
    { length: count },
    (_, index) => `${toText(first + BigInt(index) * size, version)}/${width - hostBits}`,
  );
}

function toNumber(address: string, version: number): bigint {
  if (version === 4) return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const middle = address.includes('::') ? Array.from({ length: 8 - left.length - right.length }, () => '0') : [];
  return [...left, ...middle, ...right].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

function toText(value: bigint, version: number): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt((7 - index) * 16)) & 0xffffn).toString(16));
  const longest = groups
    .join(':')
    .match(/(?:^|:)0(?::0)+(?=:|$)/g)
    ?.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? groups.join(':') : groups.join(':').replace(longest, '::').replace(/:{3,}/, '::');
}
