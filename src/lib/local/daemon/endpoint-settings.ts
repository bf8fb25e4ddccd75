import type { Limits } from '../limits.js';

/** How an endpoint is to run; handed to the background process as JSON, in its arguments. */
export interface EndpointSettings {
  /** 0 takes any free port. */
  port: number;
  limits: Limits;
  /** Undefined for the endpoint's own default. */
  memoryBytes?: number;
  /** The bound of buffering intervals and batching windows; undefined for none. */
  maxBufferingMs?: number;
  tls: boolean;
  /** An address to listen on beside loopback; `0.0.0.0` is all of them. */
  host?: string;
  /** Names to answer to beside those of loopback. */
  allowHosts?: string[];
  /** Resource types that stacks may have without effect: names, `*` for any letters. */
  inert?: string[];
}

export const DEFAULT_SETTINGS: EndpointSettings = { port: 4566, limits: 'on', tls: false };
