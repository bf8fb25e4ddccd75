// Patch operations: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './rest-state.js';

type Target = Record<string, unknown>;

/**
 * Changes an object by patch operations, all or none. Paths are the object's own members: `/variables/stage`.
 * @param lists members that hold lists; a path below one names an item (`/binaryMediaTypes/image~1png`)
 * @returns a changed copy
 */
export function patched<T extends object>(
  target: T,
  operations: readonly PatchOperation[] | undefined,
  lists: readonly string[] = [],
): T {
  const copy = structuredClone(target);
  for (const operation of operations ?? []) apply(copy as Target, operation, lists);
  return copy;
}

function apply(root: Target, { op, path = '', value, from }: PatchOperation, lists: readonly string[]): void {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  if (last === undefined || keys.includes('__proto__') || last === '__proto__') throw badPath(path);
  if (op === 'copy' || op === 'move' || op === 'test')
    throw badRequest(`Invalid patch operation ${op} ${from ?? path}`);
  const [list] = keys;
  if (keys.length === 1 && list !== undefined && lists.includes(list)) {
    const others = ((root[list] as string[] | undefined) ?? []).filter((item) => item !== last);
    root[list] = op === 'remove' ? others : [...others, value ?? last];
    return;
  }
  let owner = root;
  for (const key of keys) owner = (owner[key] ??= {}) as Target;
  if (op === 'remove') delete owner[last];
  else owner[last] = lists.includes(last) ? (value ?? '').split(',') : typed(owner[last], last, value ?? '');
}

const NUMBERS = new Set(['timeoutInMillis', 'minimumCompressionSize', 'authorizerResultTtlInSeconds']);

/** Values are texts; a member that is a number or a boolean stays one. */
function typed(before: unknown, name: string, value: string): unknown {
  if (typeof before === 'number' || NUMBERS.has(name)) return Number(value);
  if (typeof before === 'boolean' || value === 'true' || value === 'false') return value === 'true';
  return value;
}

const badPath = (path: string) =>
  badRequest(`Invalid patch path  '${path}' specified for op 'replace'. Must be one of the resource's members.`);
