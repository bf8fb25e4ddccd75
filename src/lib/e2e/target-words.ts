import type { Target } from '../target/target.js';

const DEFAULT_LOCAL_PORT = '4566';

/** The flags that lead a command to this target: hints that left them out would send people, and what they delete, elsewhere. */
export function targetWords({ kind, endpointUrl, region, profile }: Target): string[] {
  if (kind === 'aws') return ['--aws', '--region', region, ...(profile === undefined ? [] : ['--profile', profile])];
  const usual = kind === 'local' && endpointUrl !== undefined && new URL(endpointUrl).port === DEFAULT_LOCAL_PORT;
  return [
    ...(kind === 'localstack' ? ['--localstack'] : []),
    ...(endpointUrl === undefined || usual ? [] : ['--endpoint-url', endpointUrl]),
  ];
}

/** The command that removes stacks, to be copied. */
export const destroyCommand = (stacks: readonly string[], target: Target): string =>
  ['pipectl', 'destroy', ...stacks, ...targetWords(target)].join(' ');
