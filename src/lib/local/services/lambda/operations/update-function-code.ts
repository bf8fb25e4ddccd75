import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';

import { describeFunction, UPDATING } from '../describe-function.js';
import { ARCHITECTURES } from '../function-constraints.js';
import { functionArn } from '../function-name.js';
import { staleRevision } from '../lambda-error.js';
import { findFunction, type LambdaStore } from '../lambda-store.js';
import { checkUnpackedSize } from '../layers.js';
import { checkPublishing, publish } from '../publish-version.js';
import { readCode } from '../read-code.js';

export const updateFunctionCode = defineOperation('lambda', 'UpdateFunctionCode').as({
  constraints: { Architectures: ARCHITECTURES },
  async run(store: LambdaStore, input, context) {
    checkPublishing(input);
    const found = findFunction(store, input.FunctionName, context);
    if (input.RevisionId !== undefined && input.RevisionId !== found.latest.revisionId) throw staleRevision();
    const code = await readCode(store, input, context.region, 'UpdateFunctionCode');
    const arn = functionArn(context, found.name);
    const changed = {
      ...found.latest,
      codeSha256: code.sha256,
      codeSize: code.zipBytes,
      unpackedBytes: code.unpackedBytes,
      revisionId: randomUUID(),
      lastModifiedMs: store.environment.clock.now(),
      inert: input.Architectures ? { ...found.latest.inert, Architectures: input.Architectures } : found.latest.inert,
    };
    checkUnpackedSize(changed);
    if (input.DryRun) return { ...describeFunction(found.name, arn, changed), ...UPDATING };
    found.latest = changed;
    store.retire(arn, '$LATEST');
    if (input.Publish) {
      const published = publish(store, found, {});
      return { ...describeFunction(found.name, `${arn}:${published.version}`, published), ...UPDATING };
    }
    return { ...describeFunction(found.name, arn, changed), ...UPDATING };
  },
});
