import { randomUUID } from 'node:crypto';
import type { Provisioned, ResourceRequest, ResourceType } from '../resource-type.js';
import type { PackedType } from '../schema/pack-format.js';
import { isScalar, type Value } from '../template/value.js';
import { plausible, type Surroundings } from './plausible.js';

type Properties = Record<string, unknown>;

/** Types whose resources a template must acknowledge, beside those that have behavior here. */
const ACKNOWLEDGED = /^AWS::IAM::(AccessKey|Group|User|UserToGroupAddition|GroupPolicy|RolePolicy|UserPolicy)$/;

/**
 * A type that this endpoint keeps and does nothing for: its properties, plausible ids and attributes.
 * @param schema undefined for a type that no pack has: any property and any attribute are taken
 */
export function inertType(type: string, schema: PackedType | undefined): ResourceType {
  const ref = schema?.ref ?? [];
  const nameProperty = ref.find((name) => schema?.replaces?.includes(name));
  const provision = (request: ResourceRequest<Properties>, seed: string, known?: string): Provisioned => {
    const about = surroundings(type, schema, request, seed);
    const physicalId =
      known ?? (ref.length === 0 ? about.name : ref.map((name) => part(name, about, request)).join('|'));
    const name = physicalId.startsWith('arn:') ? physicalId.replace(/^.*[:/]/, '') : physicalId;
    return { physicalId, attributes: attributesOf({ ...about, name, seed: physicalId }, request, physicalId) };
  };
  return {
    type,
    schema,
    isInert: true,
    effective: Object.keys(schema?.members ?? {}),
    attributes: schema ? Object.keys(schema.attributes ?? {}) : ['*'],
    ...(nameProperty !== undefined && { nameProperty }),
    ...(ACKNOWLEDGED.test(type) && { capability: 'CAPABILITY_IAM' as const }),
    create: async (request) => provision(request, randomUUID()),
    ...(!schema?.fixed && {
      update: async (request) => provision(request, request.physicalId, request.physicalId),
    }),
    delete: async () => {},
  };
}

/** The name is the template's, or one of CloudFormation's own making. */
function surroundings(
  type: string,
  schema: PackedType | undefined,
  request: ResourceRequest<Properties>,
  seed: string,
): Surroundings {
  const { region, accountId, properties } = request;
  const named = [...(schema?.ref ?? []), 'Name', `${type.split('::').at(-1)}Name`].find((name) =>
    isScalar(properties[name]),
  );
  const name =
    named === undefined ? request.generateName({ maxLength: 63, lowerCase: true }) : String(properties[named]);
  return { type, schema, region, accountId, name, seed };
}

function part(name: string, about: Surroundings, { properties }: ResourceRequest<Properties>): string {
  const given = properties[name];
  if (isScalar(given)) return String(given);
  const value = plausible(name, 'string', about);
  return isScalar(value) ? String(value) : about.name;
}

function attributesOf(
  about: Surroundings,
  { properties }: ResourceRequest<Properties>,
  physicalId: string,
): Record<string, Value> {
  const { schema } = about;
  if (!schema) return { Arn: plausible('Arn', 'string', about), '*': physicalId };
  const [only] = schema.ref.length === 1 ? schema.ref : [];
  return Object.fromEntries(
    Object.entries(schema.attributes ?? {}).map(([name, kind]) => {
      if (name === only) return [name, physicalId];
      const given = properties[name];
      return [name, given === undefined ? plausible(name, kind, about) : (given as Value)];
    }),
  );
}
