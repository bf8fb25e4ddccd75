// Derives src/lib/local/wire/packs/ from the schemas that the installed SDK clients export: one JSON file a service, and the catalog.
// `npm run packs` writes them; `npm run packs:check` fails when what is checked in differs from the installed clients.
import { readFileSync, writeFileSync } from 'node:fs';
import { NormalizedSchema } from '@smithy/core/schema';
import type {
  CatalogRow,
  Pack,
  PackedMember,
  PackedShape,
  ScalarKind,
  ShapeRef,
  TimestampFormat,
  Traits,
} from '../src/lib/local/wire/pack-format.js';

const SERVICES = [
  'kinesis',
  'lambda',
  'cloudwatch-logs',
  'cloudformation',
  'firehose',
  's3',
  'sns',
  'dynamodb',
  'dynamodb-streams',
  'api-gateway',
  'apigatewayv2',
  'sqs',
  'kinesis-analytics-v2',
  'sts',
  'ssm',
  'iam',
  'cloudwatch',
];
const folder = new URL('../src/lib/local/wire/packs/', import.meta.url);

/** The first element of the SDK's static schema arrays tells what they describe. */
const OPERATION = 9;
const ERROR = -3;
const TIMESTAMP_FORMATS: Record<number, TimestampFormat> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };
/** Operations whose output is the XML root itself; Smithy's s3UnwrappedXmlOutput trait does not reach the clients' schemas. */
const UNWRAPPED = new Set(['s3.GetBucketLocation']);

type OperationSchema = [kind: 9, namespace: string, name: string, traits: unknown, input: never, output: never];

const files = new Map<string, string>();
const catalog: CatalogRow[] = [];
for (const id of SERVICES) {
  const module = (await import(`@aws-sdk/client-${id}`)) as Record<string, unknown>;
  const operations: OperationSchema[] = [];
  const errors: unknown[] = [];
  for (const exported of Object.values(module)) {
    if (!Array.isArray(exported)) continue;
    if (exported[0] === OPERATION) operations.push(exported as OperationSchema);
    if (exported[0] === ERROR) errors.push(exported);
  }
  catalog.push(describe(id, module, operations));
  files.set(`${id}.json`, writePack(pack(id, operations, errors)));
}
files.set('catalog.json', `${JSON.stringify(catalog, null, 1)}\n`);

const stale = [...files].filter(([name, text]) => read(name) !== text).map(([name]) => name);
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`These packs differ from the installed SDK clients: ${stale.join(', ')}. Run \`npm run packs\`.`);
    process.exit(1);
  }
} else {
  for (const [name, text] of files) writeFileSync(new URL(name, folder), text);
}
console.log(
  `${catalog.length} services, ${stale.length} packs ${process.argv.includes('--check') ? 'stale' : 'changed'}`,
);

function read(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}

/** What a client knows of its service besides the shapes, from its resolved configuration. */
function describe(id: string, module: Record<string, unknown>, operations: OperationSchema[]): CatalogRow {
  const [, Client] = Object.entries(module).find(([name]) => name.endsWith('Client') && !name.startsWith('_')) ?? [];
  if (typeof Client !== 'function') throw new Error(`${id} exports no client`);
  const { config } = Reflect.construct(Client, [
    { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
  ]) as { config: ClientConfig };
  const settings = config.protocolSettings;
  const [scheme] = config.httpAuthSchemeProvider({
    operation: operations[0]?.[2] ?? '',
    region: 'us-east-1',
    Region: 'us-east-1',
  });
  return {
    id,
    protocol: (config.protocol.getShapeId().split('#')[1] ?? '') as CatalogRow['protocol'],
    signing: scheme?.signingProperties.name ?? id,
    target: settings.serviceTarget,
    version: settings.version,
    ...(settings.xmlNamespace && { xmlns: settings.xmlNamespace }),
    ...(settings.awsQueryCompatible && { queryCompatible: true }),
  };
}

interface ClientConfig {
  protocol: { getShapeId(): string };
  protocolSettings: { serviceTarget: string; version: string; xmlNamespace?: string; awsQueryCompatible?: boolean };
  httpAuthSchemeProvider(of: {
    operation: string;
    region: string;
    Region: string;
  }): { signingProperties: { name: string } }[];
}

interface ErrorTraits {
  error?: 'client' | 'server';
  httpError?: number;
  awsQueryError?: [code: string, status: number];
}

function pack(id: string, operations: OperationSchema[], errors: unknown[]): Pack {
  const shapes: PackedShape[] = [];
  const indexes = new Map<unknown, number>();

  const refer = (ns: NormalizedSchema): ShapeRef => {
    if (ns.isTimestampSchema()) return 'timestamp';
    if (ns.isBlobSchema()) return 'blob';
    if (ns.isBooleanSchema()) return 'boolean';
    if (ns.isNumericSchema()) return 'number';
    if (ns.isListSchema() || ns.isMapSchema() || ns.isStructSchema()) return indexOf(ns);
    if (ns.isStringSchema()) return 'string' satisfies ScalarKind;
    throw new Error(`${id}: ${ns.getName(true)} is of a kind that the wire does not know`);
  };
  const memberOf = (name: string, ns: NormalizedSchema, required: boolean): PackedMember => {
    const traits = traitsOf(ns);
    const packed: PackedMember = [name, refer(ns), required ? 1 : 0];
    if (Object.keys(traits).length > 0) packed.push(traits);
    return packed;
  };
  const indexOf = (ns: NormalizedSchema): number => {
    const schema = ns.getSchema();
    const known = indexes.get(schema);
    if (known !== undefined) return known;
    const index = shapes.push({ kind: 'structure', name: '', members: [] }) - 1;
    indexes.set(schema, index);
    shapes[index] = shapeOf(ns);
    return index;
  };
  const shapeOf = (ns: NormalizedSchema): PackedShape => {
    const name = ns.getName() ?? '';
    if (ns.isListSchema()) return { kind: 'list', name, member: memberOf('member', ns.getValueSchema(), false) };
    if (ns.isMapSchema()) {
      return {
        kind: 'map',
        name,
        key: memberOf('key', ns.getKeySchema(), false),
        value: memberOf('value', ns.getValueSchema(), false),
      };
    }
    // The static schema lists required members first and says how many they are.
    const required = (ns.getSchema() as unknown[])[6] ?? 0;
    const members = [...ns.structIterator()].map(([member, of], index) =>
      memberOf(member, of, index < Number(required)),
    );
    const { xmlName } = NormalizedSchema.of(ns.getSchema()).getMergedTraits() as { xmlName?: string };
    return { kind: ns.isUnionSchema() ? 'union' : 'structure', name, members, ...(xmlName && { xmlName }) };
  };

  const packedOperations = operations.map((schema): Pack['operations'][number] => {
    const input = NormalizedSchema.of(schema[4]);
    const output = NormalizedSchema.of(schema[5]);
    const { http } = NormalizedSchema.of(schema as never).getMergedTraits() as { http?: [string, string, number] };
    return {
      name: schema[2],
      ...(!input.isUnitSchema() && { input: indexOf(input) }),
      ...(!output.isUnitSchema() && { output: indexOf(output) }),
      ...(http && { http }),
      ...(UNWRAPPED.has(`${id}.${schema[2]}`) && { unwrapped: true as const }),
    };
  });
  const packedErrors = errors.map((schema): Pack['errors'][number] => {
    const ns = NormalizedSchema.of(schema as never);
    const { error, httpError, awsQueryError } = ns.getMergedTraits() as ErrorTraits;
    const queryCode = awsQueryError?.[0];
    return {
      shape: indexOf(ns),
      fault: error === 'server' ? 'server' : 'client',
      ...(httpError && { status: httpError }),
      ...(queryCode && queryCode !== ns.getName() && { queryCode }),
    };
  });
  return { namespace: operations[0]?.[1] ?? '', operations: packedOperations, errors: packedErrors, shapes };
}

/** A member's traits merged with its target's, reduced to what a server needs. */
function traitsOf(ns: NormalizedSchema): Traits {
  const merged = ns.getMergedTraits() as Record<string, unknown>;
  const traits: Record<string, unknown> = {};
  for (const flag of [
    'xmlFlattened',
    'xmlAttribute',
    'httpLabel',
    'httpQueryParams',
    'httpPayload',
    'httpResponseCode',
    'streaming',
    'sparse',
    'eventPayload',
    'eventHeader',
  ]) {
    if (merged[flag]) traits[flag] = true;
  }
  for (const text of ['jsonName', 'xmlName', 'httpQuery', 'httpHeader', 'httpPrefixHeaders']) {
    if (typeof merged[text] === 'string') traits[text] = merged[text];
  }
  if (merged.xmlNamespace) traits.xmlNamespace = merged.xmlNamespace;
  const format = ns.isTimestampSchema() && TIMESTAMP_FORMATS[ns.getSchema() as number];
  if (format) traits.timestampFormat = format;
  return traits;
}

/** One shape a line, so that a change of the SDK reads as a diff. */
function writePack({ namespace, operations, errors, shapes }: Pack): string {
  const lines = (rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join(',\n');
  return `{"namespace":${JSON.stringify(namespace)},\n"operations":[\n${lines(operations)}],\n"errors":[\n${lines(errors)}],\n"shapes":[\n${lines(shapes)}]}\n`;
}
