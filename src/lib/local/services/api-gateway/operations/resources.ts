import type { Method, Resource } from '@aws-sdk/client-api-gateway';
import { defineOperation } from '../../../define-operation.js';
import type { Answer } from '../../../wire/handlers.js';
import { listPage } from '../page.js';
import { patched } from '../patch.js';
import {
  badRequest,
  conflict,
  newId,
  type RestApiRecord,
  type RestResource,
  type RestState,
  resourceOf,
} from '../rest-state.js';

const answerResource = ({ id, parentId, pathPart, path, methods }: RestResource, embeds = true): Answer<Resource> => ({
  id,
  parentId,
  pathPart,
  path,
  ...(methods.size === 0
    ? {}
    : {
        resourceMethods: Object.fromEntries(
          [...methods].map(([name, method]) => [name, embeds ? (method as Answer<Method>) : {}]),
        ),
      }),
});

/** @throws AwsError BadRequestException, ConflictException */
export function addResource(record: RestApiRecord, parentId: string, pathPart: string): RestResource {
  const parent = resourceOf(record, parentId);
  if (!/^([A-Za-z0-9._:$-]+|\{[A-Za-z0-9._-]+\+?\})$/.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  for (const { parentId: other, pathPart: taken } of record.resources.values()) {
    if (other === parentId && taken === pathPart) {
      throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
    }
  }
  const path = `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
  const resource: RestResource = { id: newId(6), parentId, pathPart, path, methods: new Map() };
  record.resources.set(resource.id, resource);
  return resource;
}

export const createResource = defineOperation('api-gateway', 'CreateResource').as({
  run: (state: RestState, { restApiId, parentId, pathPart }, { region }) =>
    answerResource(addResource(state.mustHave(region, restApiId), parentId, pathPart)),
});

export const getResource = defineOperation('api-gateway', 'GetResource').as({
  run: (state: RestState, { restApiId, resourceId, embed }, { region }) =>
    answerResource(resourceOf(state.mustHave(region, restApiId), resourceId), embed?.includes('methods')),
});

export const getResources = defineOperation('api-gateway', 'GetResources').as({
  run(state: RestState, { restApiId, position, limit, embed }, { region }) {
    const { resources } = state.mustHave(region, restApiId);
    const of = `GetResources ${restApiId}`;
    const page = listPage(resources.values(), { of, keyOf: ({ id }) => id, position, limit });
    return {
      ...page,
      items: page.items.map((resource) => answerResource(resource, embed?.includes('methods') === true)),
    };
  },
});

export const updateResource = defineOperation('api-gateway', 'UpdateResource').as({
  run(state: RestState, { restApiId, resourceId, patchOperations }, { region }) {
    const record = state.mustHave(region, restApiId);
    const resource = resourceOf(record, resourceId);
    const { pathPart, parentId } = patched(
      { pathPart: resource.pathPart, parentId: resource.parentId },
      patchOperations,
    );
    if (parentId !== undefined) resourceOf(record, parentId);
    Object.assign(resource, { pathPart, parentId });
    renamePaths(record, record.rootId);
    return answerResource(resource);
  },
});

function renamePaths(record: RestApiRecord, parentId: string): void {
  const parent = resourceOf(record, parentId);
  for (const child of record.resources.values()) {
    if (child.parentId !== parentId) continue;
    child.path = `${parent.path === '/' ? '' : parent.path}/${child.pathPart}`;
    renamePaths(record, child.id);
  }
}

export const deleteResource = defineOperation('api-gateway', 'DeleteResource').as({
  run(state: RestState, { restApiId, resourceId }, { region }) {
    const record = state.mustHave(region, restApiId);
    resourceOf(record, resourceId);
    if (resourceId === record.rootId) throw badRequest("Can't delete the root resource");
    removeBranch(record, resourceId);
    return {};
  },
});

function removeBranch(record: RestApiRecord, id: string): void {
  record.resources.delete(id);
  for (const child of [...record.resources.values()]) if (child.parentId === id) removeBranch(record, child.id);
}
