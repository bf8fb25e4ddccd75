import { isLike } from '../../kit/is-like.js';

interface Statement {
  Effect?: unknown;
  Action?: unknown;
  Resource?: unknown;
}

/** What a policy of an authorizer says of a call. Conditions are not read. */
export function allows(document: unknown, action: string, arn: string): 'allow' | 'deny' | 'nothing' {
  const statements = listOf((document as { Statement?: unknown } | undefined)?.Statement) as Statement[];
  const effects = statements
    .filter(({ Action, Resource }) => fits(Action, action.toLowerCase(), true) && fits(Resource, arn, false))
    .map(({ Effect }) => String(Effect).toLowerCase());
  if (effects.includes('deny')) return 'deny';
  return effects.includes('allow') ? 'allow' : 'nothing';
}

const fits = (patterns: unknown, text: string, ignoresCase: boolean): boolean =>
  listOf(patterns).some((pattern) => isLike(ignoresCase ? String(pattern).toLowerCase() : String(pattern), text));

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
