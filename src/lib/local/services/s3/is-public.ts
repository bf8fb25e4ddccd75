import type { S3State } from './s3-state.js';

interface Statement {
  Effect?: unknown;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: unknown;
}

/**
 * Whether everybody may read an object: the bucket's policy allows `s3:GetObject` to the principal `*` without a condition, nothing in it may
 * deny it, and RestrictPublicBuckets is off. What is not understood counts against it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(state: S3State, bucketName: string, key: string): boolean {
  const settings = state.buckets.get(bucketName)?.settings;
  const policy = settings?.get('Policy');
  const block = settings?.get('PublicAccessBlockConfiguration') as { RestrictPublicBuckets?: boolean } | undefined;
  if (typeof policy !== 'string' || block?.RestrictPublicBuckets) return false;
  const { Statement: all } = (JSON.parse(policy) ?? {}) as { Statement?: unknown };
  const statements = [all].flat().filter((each): each is Statement => typeof each === 'object' && each !== null);
  const isAbout = ({ Action, Resource }: Statement): boolean =>
    some(Action, 's3:getobject', true) && some(Resource, `${bucketName}/${key}`, false);
  const forEverybody = ({ Principal }: Statement): boolean =>
    [(Principal as { AWS?: unknown } | null | undefined)?.AWS ?? Principal].flat().includes('*');
  return (
    statements.some((each) => each.Effect === 'Allow' && !each.Condition && forEverybody(each) && isAbout(each)) &&
    // NotAction and NotResource, which this does not read, leave Action and Resource out.
    !statements.some((each) => each.Effect !== 'Allow' && (isAbout(each) || !each.Action || !each.Resource))
  );
}

/** Whether one of the patterns of a policy fits: `s3:Get*`, `arn:aws:s3:::bucket/*`. */
function some(patterns: unknown, text: string, ignoreCase: boolean): boolean {
  return [patterns].flat().some((pattern) => {
    if (typeof pattern !== 'string') return false;
    const bare = pattern.replace(/^arn:[\w-]+:s3:::/, '');
    return fits(ignoreCase ? bare.toLowerCase() : bare, text);
  });
}

/** `*` and `?` in linear time for each star, unlike a regular expression. */
function fits(pattern: string, text: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = at;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[at])) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
