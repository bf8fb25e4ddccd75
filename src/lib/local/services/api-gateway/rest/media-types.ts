import { headerOf, type WireRequest } from '../../../wire/wire-request.js';

/** Whether a media type is one of an API's binary types, `image/*` and `*\/*` among them. */
export function isBinaryType(types: readonly string[], type: string | undefined): boolean {
  if (types.length === 0) return false;
  if (types.includes('*/*')) return true;
  const [bare = ''] = (type ?? '').split(';');
  const name = bare.trim().toLowerCase();
  return (
    name !== '' &&
    types.some((known) => known === name || (known.endsWith('/*') && name.startsWith(known.slice(0, -1))))
  );
}

/** API Gateway looks at the first type of `Accept` alone. */
export const acceptsBytes = (types: readonly string[], { headers }: WireRequest): boolean =>
  types.length > 0 && isBinaryType(types, headerOf(headers, 'accept')?.split(',')[0]);
