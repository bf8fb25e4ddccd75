import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';

import { describeFunction, UPDATING } from '../describe-function.js';
import { CONFIGURATION } from '../function-constraints.js';
import { functionArn } from '../function-name.js';
import { applySettings, checkSettings } from '../function-settings.js';
import { staleRevision } from '../lambda-error.js';
import { findFunction, type LambdaStore } from '../lambda-store.js';
import { checkUnpackedSize, useLayers } from '../layers.js';

export const updateFunctionConfiguration = defineOperation('lambda', 'UpdateFunctionConfiguration').as({
  constraints: CONFIGURATION,
  run(store: LambdaStore, input, context) {
    checkSettings({
      ...input,
      // Levels may be set alone where the format is JSON already.
      ...(input.LoggingConfig && {
        LoggingConfig: {
          LogFormat:
            input.LoggingConfig.LogFormat ?? findFunction(store, input.FunctionName, context).latest.logging.LogFormat,
          ...input.LoggingConfig,
        },
      }),
    });
    const found = findFunction(store, input.FunctionName, context);
    if (input.RevisionId !== undefined && input.RevisionId !== found.latest.revisionId) throw staleRevision();
    const changed = {
      ...applySettings(found.latest, input),
      layers: input.Layers === undefined ? found.latest.layers : useLayers(store, input.Layers, context),
      revisionId: randomUUID(),
      lastModifiedMs: store.environment.clock.now(),
    };
    checkUnpackedSize(changed);
    found.latest = changed;
    const arn = functionArn(context, found.name);
    store.retire(arn, '$LATEST');
    return { ...describeFunction(found.name, arn, found.latest), ...UPDATING };
  },
});
