import type { GetLayerVersionResponse } from '@aws-sdk/client-lambda';
import { defineOperation } from '../../define-operation.js';
import { UNPACKED_BYTES } from '../../functions/unpack-zip.js';
import { arnOf } from '../../kit/arn.js';
import { numberKey } from '../../kit/page.js';
import type { Answer, OperationContext } from '../../wire/handlers.js';
import { lambdaTime } from './describe-function.js';
import { invalidParameter, notFound } from './lambda-error.js';
import type { FunctionVersion, LayerUse, LayerVersion } from './lambda-state.js';
import type { LambdaStore } from './lambda-store.js';
import { paginate } from './paginate.js';
import { readCode } from './read-code.js';

const MOST_LAYERS = 5;
const VERSION_ARN = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]+):(\d+)$/;
const NAME = /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:layer:)?([a-zA-Z0-9-_]{1,64})$/;

/** The layers a function asks for, each with its code. @throws AwsError InvalidParameterValueException */
export function useLayers(store: LambdaStore, arns: readonly string[], context: OperationContext): LayerUse[] {
  if (arns.length > MOST_LAYERS) {
    throw invalidParameter(
      `Layers consume more than the available slots; a function has at most ${MOST_LAYERS} layers.`,
    );
  }
  const versions = new Map<string, string>();
  for (const arn of arns) {
    const layer = arn.slice(0, arn.lastIndexOf(':'));
    const other = versions.get(layer);
    if (other !== undefined) {
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${arn} and ${other}`,
      );
    }
    versions.set(layer, arn);
  }
  return arns.map((arn) => {
    const [, region, account, name, number] = VERSION_ARN.exec(arn) ?? [];
    const layer =
      region === context.region && account === context.accountId && name !== undefined
        ? store.regions.in(context.region).layers.get(name)
        : undefined;
    const version = layer?.versions.find((each) => each.version === Number(number));
    if (!version) throw invalidParameter(`Layer version ${arn} does not exist.`);
    const { codeSha256, codeSize, unpackedBytes } = version;
    return { arn, codeSha256, codeSize, unpackedBytes };
  });
}

/** AWS's limit for a package is one for package and layers together. @throws AwsError InvalidParameterValueException */
export function checkUnpackedSize({ unpackedBytes, layers }: Pick<FunctionVersion, 'unpackedBytes' | 'layers'>): void {
  const bytes = layers.reduce((sum, layer) => sum + layer.unpackedBytes, unpackedBytes);
  if (bytes <= UNPACKED_BYTES) return;
  throw invalidParameter(
    `Function code combined with layers exceeds the maximum allowed size of ${UNPACKED_BYTES} bytes. The actual size is ${bytes} bytes.`,
  );
}

const layerName = (text: string): string => {
  const name = NAME.exec(text)?.[1];
  if (name === undefined) throw invalidParameter(`${text} is not a layer name: up to 64 letters, digits, - and _.`);
  return name;
};

const layerArn = (context: OperationContext, name: string): string => arnOf('lambda', context, `layer:${name}`);

function summarise(context: OperationContext, version: LayerVersion) {
  return {
    LayerVersionArn: layerVersionArn(context, version),
    Version: version.version,
    Description: version.description,
    CreatedDate: lambdaTime(version.createdMs),
    CompatibleRuntimes: version.runtimes as NonNullable<GetLayerVersionResponse['CompatibleRuntimes']>,
    CompatibleArchitectures: version.architectures as NonNullable<GetLayerVersionResponse['CompatibleArchitectures']>,
    ...(version.license === undefined ? {} : { LicenseInfo: version.license }),
  };
}

const describe = (
  store: LambdaStore,
  context: OperationContext,
  version: LayerVersion,
): Answer<GetLayerVersionResponse> => ({
  ...summarise(context, version),
  LayerArn: layerArn(context, version.name),
  Content: {
    Location: store.codeUrl(version.codeSha256),
    CodeSha256: version.codeSha256,
    CodeSize: version.codeSize,
  },
});

export const layerVersionArn = (context: OperationContext, { name, version }: LayerVersion): string =>
  `${layerArn(context, name)}:${version}`;

/** @param name or ARN, without the version. @throws AwsError ResourceNotFoundException */
export function findLayerVersion(
  store: LambdaStore,
  context: OperationContext,
  name: string,
  number: number,
): LayerVersion {
  const version = store.regions
    .in(context.region)
    .layers.get(layerName(name))
    ?.versions.find((each) => each.version === number);
  if (!version) throw notFound('The resource you requested does not exist.');
  return version;
}

export const publishLayerVersion = defineOperation('lambda', 'PublishLayerVersion').as({
  async run(store: LambdaStore, input, context) {
    const name = layerName(input.LayerName);
    const code = await readCode(store, input.Content, context.region, 'PublishLayerVersion');
    const { layers } = store.regions.in(context.region);
    let layer = layers.get(name);
    if (!layer) layers.set(name, (layer = { versions: [], lastVersion: 0 }));
    layer.lastVersion += 1;
    const version: LayerVersion = {
      name,
      version: layer.lastVersion,
      codeSha256: code.sha256,
      codeSize: code.zipBytes,
      unpackedBytes: code.unpackedBytes,
      description: input.Description ?? '',
      license: input.LicenseInfo,
      runtimes: input.CompatibleRuntimes ?? [],
      architectures: input.CompatibleArchitectures ?? [],
      createdMs: store.environment.clock.now(),
      policy: undefined,
    };
    layer.versions.push(version);
    return describe(store, context, version);
  },
});

export const getLayerVersion = defineOperation('lambda', 'GetLayerVersion').as({
  run(store: LambdaStore, input, context) {
    return describe(store, context, findLayerVersion(store, context, input.LayerName, input.VersionNumber));
  },
});

export const getLayerVersionByArn = defineOperation('lambda', 'GetLayerVersionByArn').as({
  run(store: LambdaStore, input, context) {
    const [, , , name, number] = VERSION_ARN.exec(input.Arn) ?? [];
    if (name === undefined) throw invalidParameter(`${input.Arn} is not the ARN of a layer version.`);
    return describe(store, context, findLayerVersion(store, context, name, Number(number)));
  },
});

export const listLayers = defineOperation('lambda', 'ListLayers').as({
  run(store: LambdaStore, input, context) {
    const layers = [...store.regions.in(context.region).layers].flatMap(([name, { versions }]) => {
      const latest = versions.filter((version) => matches(version, input)).at(-1);
      return latest
        ? [{ LayerName: name, LayerArn: layerArn(context, name), LatestMatchingVersion: summarise(context, latest) }]
        : [];
    });
    const { page, ...next } = paginate(layers, input, { of: 'ListLayers', keyOf: ({ LayerName }) => LayerName });
    return { Layers: page, ...next };
  },
});

export const listLayerVersions = defineOperation('lambda', 'ListLayerVersions').as({
  run(store: LambdaStore, input, context) {
    const versions = store.regions.in(context.region).layers.get(layerName(input.LayerName))?.versions ?? [];
    const wanted = versions.filter((version) => matches(version, input));
    const { page, ...next } = paginate(wanted, input, {
      of: `ListLayerVersions ${input.LayerName}`,
      keyOf: ({ version }) => numberKey(version),
      descending: true,
    });
    return { LayerVersions: page.map((version) => summarise(context, version)), ...next };
  },
});

const matches = (
  version: LayerVersion,
  wanted: { CompatibleRuntime?: string | undefined; CompatibleArchitecture?: string | undefined },
): boolean =>
  (wanted.CompatibleRuntime === undefined || version.runtimes.includes(wanted.CompatibleRuntime)) &&
  (wanted.CompatibleArchitecture === undefined || version.architectures.includes(wanted.CompatibleArchitecture));

/** A function that uses the version keeps it, as on AWS; nobody else can any more. */
export const deleteLayerVersion = defineOperation('lambda', 'DeleteLayerVersion').as({
  run(store: LambdaStore, input, context) {
    const layer = store.regions.in(context.region).layers.get(layerName(input.LayerName));
    if (layer) layer.versions = layer.versions.filter(({ version }) => version !== input.VersionNumber);
    return {};
  },
});
