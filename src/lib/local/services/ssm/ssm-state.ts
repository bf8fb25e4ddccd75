import type { Clock } from '../../../shared/clock.js';
import { perRegion } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Constraint } from '../../wire/validate.js';

/** A name, an ARN, or one of them with a version or a label. */
export const REFERENCE: Constraint = { min: 1, max: 2048 };

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  version: number;
  value: string;
  type: ParameterType;
  lastModified: Date;
  description: string | undefined;
  allowedPattern: string | undefined;
  keyId: string | undefined;
  tier: 'Standard' | 'Advanced';
  dataType: string;
  labels: Set<string>;
}

export interface Parameter {
  name: string;
  arn: string;
  tags: Map<string, string>;
  /** The oldest that is kept first. */
  versions: ParameterVersion[];
}

/** One region's parameters, by name. */
export type Parameters = Map<string, Parameter>;

export class SsmState {
  readonly clock: Clock;
  readonly #regions = perRegion((): Parameters => new Map());

  constructor(clock: Clock) {
    this.clock = clock;
  }

  in(region: string): Parameters {
    return this.#regions.in(region);
  }
}

export function latest(parameter: Parameter): ParameterVersion {
  const version = parameter.versions.at(-1);
  if (!version) throw new Error(`parameter ${parameter.name} has no versions`);
  return version;
}

export const parameterNotFound = (message = ''): AwsError => new AwsError('ParameterNotFound', message);

/**
 * The parameter and version that a reference means: `name`, `name:3`, `name:label`, or the parameter's ARN in the place of the name.
 * @throws AwsError ParameterNotFound or ParameterVersionNotFound
 */
export function findVersion(
  parameters: Parameters,
  reference: string,
): [Parameter, ParameterVersion, selector?: string] {
  const plain = nameOfReference(reference);
  const [name = '', selector] = plain.split(':');
  const parameter = parameters.get(name);
  if (!parameter) throw parameterNotFound();
  const version =
    selector === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find(({ version: number, labels }) => String(number) === selector || labels.has(selector));
  if (!version) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
    );
  }
  return selector === undefined ? [parameter, version] : [parameter, version, `:${selector}`];
}

/** `arn:aws:ssm:region:account:parameter/a/b` stands for `/a/b`, or for `b` where there is no hierarchy. */
function nameOfReference(reference: string): string {
  const path = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter\/(.+)$/.exec(reference)?.[1];
  if (path === undefined) return reference;
  return path.includes('/') ? `/${path}` : path;
}
