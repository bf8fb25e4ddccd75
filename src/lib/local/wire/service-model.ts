// Service models, revived from the generated packs: nothing here names an operation or a shape. The catalog is read at once, a
// service's pack when its first request arrives.
import { readFileSync } from 'node:fs';
import { assetUrl } from '../../shared/package-files.js';
import type { CatalogRow, Pack, PackedMember, ScalarKind, ShapeRef, Traits } from './pack-format.js';
import { parseUriTemplate, type UriPattern } from './uri-pattern.js';

export type Shape = Structure | List | MapShape | ScalarKind;

export interface Structure {
  kind: 'structure' | 'union';
  name: string;
  members: Member[];
  /** The name as an XML root, where it differs. */
  xmlName?: string;
}

export interface List {
  kind: 'list';
  name: string;
  member: Member;
}

export interface MapShape {
  kind: 'map';
  name: string;
  key: Member;
  value: Member;
}

export interface Member {
  name: string;
  shape: Shape;
  required: boolean;
  traits: Traits;
}

export interface Operation {
  name: string;
  /** `kinesis.PutRecords`: where a fault strikes. */
  point: `${string}.${string}`;
  input: Structure | undefined;
  output: Structure | undefined;
  http: HttpBinding | undefined;
  /** The output's only member is the XML root itself. */
  unwrapped: boolean;
}

export type RestOperation = Operation & { http: HttpBinding };

const isRest = (operation: Operation): operation is RestOperation => operation.http !== undefined;

/** How a REST operation is found: method, path and query literals, plus the members that a request cannot lack. */
export interface HttpBinding extends UriPattern {
  method: string;
  /** Status of a successful answer. */
  status: number;
  requiredQuery: string[];
  requiredHeaders: string[];
  /** The member that S3 carries in the host name or the first path segment, absent from the template. */
  bucketMember: string | undefined;
}

export interface ErrorModel {
  shape: Structure;
  fault: 'client' | 'server';
  status: number | undefined;
  queryCode: string | undefined;
}

export interface ServiceModel extends CatalogRow {
  namespace: string;
  operations: Map<string, Operation>;
  errors: Map<string, ErrorModel>;
  /** The operations that are found by method and path. */
  restOperations: RestOperation[];
}

const packs = assetUrl('lib/local/wire/packs/');
export const catalog: readonly CatalogRow[] = JSON.parse(readFileSync(new URL('catalog.json', packs), 'utf8'));

const loaded = new Map<string, ServiceModel>();

/** The model of one service; its pack is read and revived on first use (1 to 3 ms). */
export function loadService(row: CatalogRow): ServiceModel {
  let model = loaded.get(row.id);
  if (!model) {
    const pack = JSON.parse(readFileSync(new URL(`${row.id}.json`, packs), 'utf8')) as Pack;
    loaded.set(row.id, (model = revive(row, pack)));
  }
  return model;
}

function revive(row: CatalogRow, pack: Pack): ServiceModel {
  const shapes = reviveShapes(pack);
  const structure = (index: number | undefined): Structure | undefined => {
    const shape = index === undefined ? undefined : shapes[index];
    return shape && (shape.kind === 'structure' || shape.kind === 'union') ? shape : undefined;
  };
  const operations = new Map<string, Operation>();
  const restOperations: ServiceModel['restOperations'] = [];
  for (const packed of pack.operations) {
    const input = structure(packed.input);
    const operation: Operation = {
      name: packed.name,
      point: `${row.id}.${packed.name}`,
      input,
      output: structure(packed.output),
      http: packed.http && bind(packed.http, input),
      unwrapped: packed.unwrapped ?? false,
    };
    operations.set(packed.name, operation);
    if (isRest(operation)) restOperations.push(operation);
  }
  const errors = new Map<string, ErrorModel>();
  for (const { shape: index, fault, status, queryCode } of pack.errors) {
    const shape = structure(index);
    if (shape) errors.set(shape.name, { shape, fault, status, queryCode });
  }
  return { ...row, namespace: pack.namespace, operations, errors, restOperations };
}

/** Shapes refer to each other, also in circles: made empty first, then linked. */
function reviveShapes(pack: Pack): Exclude<Shape, ScalarKind>[] {
  const shapes: Exclude<Shape, ScalarKind>[] = [];
  const refer = (ref: ShapeRef): Shape => {
    if (typeof ref !== 'number') return ref;
    const shape = shapes[ref];
    if (!shape) throw new Error(`a schema pack refers to shape ${ref}, which it does not hold`);
    return shape;
  };
  const member = ([name, ref, required, traits]: PackedMember): Member => ({
    name,
    shape: refer(ref),
    required: required === 1,
    traits: traits ?? {},
  });
  const unlinked: Member = { name: '', shape: 'string', required: false, traits: {} };
  for (const packed of pack.shapes) {
    if (packed.kind === 'list') shapes.push({ kind: 'list', name: packed.name, member: unlinked });
    else if (packed.kind === 'map') shapes.push({ kind: 'map', name: packed.name, key: unlinked, value: unlinked });
    else shapes.push({ ...packed, members: [] });
  }
  for (const [index, packed] of pack.shapes.entries()) {
    const shape = shapes[index];
    if (packed.kind === 'list' && shape?.kind === 'list') shape.member = member(packed.member);
    else if (packed.kind === 'map' && shape?.kind === 'map') {
      shape.key = member(packed.key);
      shape.value = member(packed.value);
    } else if ('members' in packed && shape && 'members' in shape) shape.members = packed.members.map(member);
  }
  return shapes;
}

function bind([method, template, status]: [string, string, number], input: Structure | undefined): HttpBinding {
  const pattern = parseUriTemplate(template);
  const required = (input?.members ?? []).filter((member) => member.required);
  return {
    ...pattern,
    method,
    status,
    requiredQuery: required.flatMap(({ traits }) => traits.httpQuery ?? []),
    requiredHeaders: required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? []),
    bucketMember: required.find(
      ({ name, traits }) => traits.httpLabel && !pattern.segments.some((segment) => segment.label === name),
    )?.name,
  };
}
