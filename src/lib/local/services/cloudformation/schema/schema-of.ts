import { readFileSync } from 'node:fs';
import { assetUrl } from '../../../../shared/package-files.js';
import type { PackedType, ResourcePack } from './pack-format.js';

let types: ResourcePack['types'] | undefined;

/** What AWS says of a resource type; undefined for one that is not in the pack. */
export function schemaOf(type: string): PackedType | undefined {
  types ??= (
    JSON.parse(
      readFileSync(assetUrl('lib/local/services/cloudformation/schema/resource-pack.json'), 'utf8'),
    ) as ResourcePack
  ).types;
  return Object.hasOwn(types, type) ? types[type] : undefined;
}
