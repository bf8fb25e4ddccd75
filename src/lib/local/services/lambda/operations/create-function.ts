import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { newTags } from '../../../kit/tags.js';
import { describeFunction, PENDING } from '../describe-function.js';
import { ARCHITECTURES, CONFIGURATION } from '../function-constraints.js';
import { functionArn, parseFunctionName } from '../function-name.js';
import { applySettings, checkSettings, textMap } from '../function-settings.js';
import { conflict, invalidParameter } from '../lambda-error.js';
import type { FunctionVersion, LambdaFunction } from '../lambda-state.js';
import type { LambdaStore } from '../lambda-store.js';
import { checkUnpackedSize, useLayers } from '../layers.js';
import { checkPublishing, publish } from '../publish-version.js';
import { readCode } from '../read-code.js';
import { TAG_RULES } from '../tag-rules.js';

export const createFunction = defineOperation('lambda', 'CreateFunction').as({
  constraints: { ...CONFIGURATION, Architectures: ARCHITECTURES },
  async run(store: LambdaStore, input, context) {
    const { name, qualifier } = parseFunctionName(input.FunctionName, context);
    if (qualifier !== undefined) throw invalidParameter('The function name must not hold a qualifier.');
    if (input.Runtime === undefined && input.PackageType !== 'Image') {
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    }
    if (input.Handler === undefined && input.PackageType !== 'Image') {
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    }
    checkSettings(input);
    checkPublishing(input);
    const tags = newTags(textMap(input.Tags), TAG_RULES);
    const state = store.regions.in(context.region);
    const mustBeNew = (): void => {
      if (state.functions.has(name)) throw conflict(`Function already exist: ${name}`);
    };
    mustBeNew();
    const layers = useLayers(store, input.Layers ?? [], context);
    const code = await readCode(store, input.Code, context.region, 'CreateFunction');
    mustBeNew(); // another caller may have been quicker while the package was unpacked
    checkUnpackedSize({ unpackedBytes: code.unpackedBytes, layers });
    const latest: FunctionVersion = applySettings(
      {
        version: '$LATEST',
        runtime: '',
        role: input.Role,
        handler: '',
        description: '',
        timeoutSeconds: 3,
        memoryMb: 128,
        variables: undefined,
        layers,
        logging: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
        codeSha256: code.sha256,
        codeSize: code.zipBytes,
        unpackedBytes: code.unpackedBytes,
        revisionId: randomUUID(),
        lastModifiedMs: store.environment.clock.now(),
        inert: input.Architectures ? { Architectures: input.Architectures } : {},
      },
      input,
    );
    const made: LambdaFunction = {
      name,
      latest,
      published: [],
      lastPublished: 0,
      aliases: new Map(),
      reservedConcurrency: undefined,
      provisioned: new Map(),
      tags,
      policies: new Map(),
      urls: new Map(),
      asyncConfigs: new Map(),
    };
    state.functions.set(name, made);
    const arn = functionArn(context, name);
    const shown = input.Publish ? publish(store, made, {}) : latest;
    return {
      ...describeFunction(name, input.Publish ? `${arn}:${shown.version}` : arn, shown),
      ...PENDING,
    };
  },
});
