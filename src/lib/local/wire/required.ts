// Required members, found missing in a decoded input: AWS names all of them in one sentence.

import { itemStep, memberStep } from './bad-input.js';
import type { Member, Shape, Structure } from './service-model.js';
import { constraintsViolated } from './validate.js';

/** The code each service gives to a constraint broken before its own logic runs; the others say ValidationException. */
const CODES: Record<string, string> = {
  'cloudwatch-logs': 'InvalidParameterException',
  'api-gateway': 'BadRequestException',
  cloudformation: 'ValidationError',
  cloudwatch: 'ValidationError',
  iam: 'ValidationError',
  sts: 'ValidationError',
  sns: 'InvalidParameter',
  s3: 'InvalidArgument',
};

/**
 * `1 validation error detected: Value null at 'records.1.member.partitionKey' failed to satisfy constraint: Member must not be null`
 * @throws AwsError when `input` lacks a member that its schema requires, at any depth
 */
export function requireMembers(serviceId: string, structure: Structure, input: Record<string, unknown>): void {
  const missing: string[] = [];
  walkStructure(structure, input, '', missing);
  if (missing.length === 0) return;
  const found = missing.map((at) => `Value null at '${at}' failed to satisfy constraint: Member must not be null`);
  throw constraintsViolated(found, CODES[serviceId]);
}

function walkStructure(structure: Structure, value: Record<string, unknown>, at: string, missing: string[]): void {
  for (const member of structure.members) {
    const inner = value[member.name];
    const path = at + memberStep(member.name);
    if (inner === undefined || inner === null) {
      if (member.required) missing.push(path);
    } else walk(member, inner, path, missing);
  }
}

function walk({ shape }: Member, value: unknown, at: string, missing: string[]): void {
  if (typeof shape === 'string' || !canLack(shape)) return;
  if (shape.kind === 'list') {
    for (const [index, item] of (value as unknown[]).entries()) {
      if (item !== null) walk(shape.member, item, `${at}.${itemStep(index)}`, missing);
    }
  } else if (shape.kind === 'map') {
    for (const [key, item] of Object.entries(value as object)) {
      if (item !== null) walk(shape.value, item, `${at}.${key}.member`, missing);
    }
  } else walkStructure(shape, value as Record<string, unknown>, `${at}.`, missing);
}

/** Whether a value of the shape can lack a required member anywhere: lists of text are not walked. */
const known = new WeakMap<object, boolean>();
function canLack(shape: Shape): boolean {
  if (typeof shape === 'string') return false;
  const answer = known.get(shape);
  if (answer !== undefined) return answer;
  known.set(shape, true); // a shape that holds itself: walk it
  const found =
    shape.kind === 'list'
      ? canLack(shape.member.shape)
      : shape.kind === 'map'
        ? canLack(shape.value.shape)
        : shape.members.some((member) => member.required || canLack(member.shape));
  known.set(shape, found);
  return found;
}
