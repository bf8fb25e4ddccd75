import { AwsError } from '../../wire/aws-error.js';
import { latest, type Parameter } from './ssm-state.js';

interface Filter {
  Key?: string | undefined;
  Option?: string | undefined;
  Values?: string[] | undefined;
}

const KEYS = ['Path', 'Name', 'Type', 'KeyId', 'Label', 'tag:', 'Tier', 'DataType'];

/**
 * @param keys those the operation takes
 * @throws AwsError InvalidFilterKey
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
export function matchesFilter(
  parameter: Parameter,
  { Key = '', Option, Values = [] }: Filter,
  keys: readonly string[] = KEYS,
): boolean {
  if (!keys.includes(Key.startsWith('tag:') ? 'tag:' : Key)) {
    throw new AwsError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${Key}. Valid filter keys include: [${keys.join(', ')}]`,
    );
  }
  const version = latest(parameter);
  if (Key.startsWith('tag:')) {
    const value = parameter.tags.get(Key.slice('tag:'.length));
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  }
  if (Key === 'Path') {
    return Values.some((path) => {
      const rest = parameter.name.startsWith(path === '/' ? '/' : `${path}/`)
        ? parameter.name.slice(path === '/' ? 1 : path.length + 1)
        : undefined;
      return rest !== undefined && (Option === 'Recursive' || !rest.includes('/'));
    });
  }
  if (Key === 'Label') return Values.some((label) => parameter.versions.some(({ labels }) => labels.has(label)));
  const fields: Record<string, string | undefined> = {
    Name: parameter.name,
    Type: version.type,
    KeyId: version.keyId,
    Tier: version.tier,
    DataType: version.dataType,
  };
  const field = fields[Key];
  return Values.some((value) =>
    Option === 'BeginsWith'
      ? field?.startsWith(value)
      : Option === 'Contains'
        ? field?.includes(value)
        : field === value,
  );
}
