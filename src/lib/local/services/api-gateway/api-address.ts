import type { WireRequest } from '../../wire/wire-request.js';

/** An API as a request names it, and the path that follows: `/STAGE/…`, or `/…` below a default stage. */
export interface ApiAddress {
  apiId: string;
  path: string;
}

/** Where APIs answer: a path, because `*.localhost` does not resolve on every machine. */
const PATH = '/_aws/execute-api/';
const OLD_PATH = /^\/restapis\/([a-z0-9]+)\/([^/]+)\/_user_request_(?=\/|$)(.*)$/;
const HOST = /^([a-z0-9]+)\.execute-api\./;

/** Reads each of the forms that requests to APIs come in; undefined for every other request. */
export function readAddress({ path, host }: Pick<WireRequest, 'path' | 'host'>): ApiAddress | undefined {
  const byHost = host.includes('.execute-api.') ? HOST.exec(host)?.[1] : undefined;
  if (byHost !== undefined) return { apiId: byHost, path };
  if (path.startsWith(PATH)) {
    const rest = path.slice(PATH.length);
    const slash = rest.indexOf('/');
    return slash < 0 ? { apiId: rest, path: '/' } : { apiId: rest.slice(0, slash), path: rest.slice(slash) };
  }
  const [, apiId, stage = '', rest = ''] = path.startsWith('/restapis/') ? (OLD_PATH.exec(path) ?? []) : [];
  return apiId === undefined ? undefined : { apiId, path: `/${stage}${rest}` };
}

/** The first segment of a path, once decoded, and what follows it. */
export function splitStage(path: string): { stage: string; rest: string } {
  const slash = path.indexOf('/', 1);
  const stage = slash < 0 ? path.slice(1) : path.slice(1, slash);
  return { stage: stage === '%24default' ? '$default' : stage, rest: slash < 0 ? '/' : path.slice(slash) };
}
