import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../define-operation.js';

import { describeFunction, PENDING } from './describe-function.js';
import { functionArn } from './function-name.js';
import { invalidParameter, omitted, staleRevision } from './lambda-error.js';
import type { FunctionVersion, LambdaFunction } from './lambda-state.js';
import { findFunction, type LambdaStore } from './lambda-store.js';

/** @throws AwsError for the one place beside a number that AWS publishes to */
export function checkPublishing({ PublishTo }: { PublishTo?: string | undefined }): void {
  if (PublishTo !== undefined) throw omitted('managed instances (PublishTo)');
}

/** Freezes `$LATEST` as the next number; when nothing changed since the last one, that is the answer, as on AWS. */
export function publish(
  store: LambdaStore,
  found: LambdaFunction,
  { description }: { description?: string | undefined },
): FunctionVersion {
  const { latest } = found;
  const last = found.published.at(-1);
  if (last && sameContent(last, latest)) return last;
  found.lastPublished += 1;
  const version: FunctionVersion = {
    ...latest,
    version: String(found.lastPublished),
    description: description ?? latest.description,
    revisionId: randomUUID(),
    lastModifiedMs: store.environment.clock.now(),
  };
  found.published.push(version);
  return version;
}

function sameContent(published: FunctionVersion, latest: FunctionVersion): boolean {
  const content = ({ version: _v, description: _d, revisionId: _r, lastModifiedMs: _l, ...rest }: FunctionVersion) =>
    JSON.stringify(rest);
  return content(published) === content(latest);
}

export const publishVersion = defineOperation('lambda', 'PublishVersion').as({
  run(store: LambdaStore, input, context) {
    checkPublishing(input);
    const found = findFunction(store, input.FunctionName, context);
    if (input.RevisionId !== undefined && input.RevisionId !== found.latest.revisionId) throw staleRevision();
    if (input.CodeSha256 !== undefined && input.CodeSha256 !== found.latest.codeSha256) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${found.latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const known = found.lastPublished;
    const version = publish(store, found, { description: input.Description });
    const arn = functionArn(context, found.name, version.version);
    const described = describeFunction(found.name, arn, version);
    return found.lastPublished === known ? described : { ...described, ...PENDING };
  },
});
