import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RecorderSpec } from '../../project/project-file.js';
import type { RecorderAddress } from '../../project/recorder-address.js';
import type { Clock } from '../../shared/clock.js';
import { OperationError, UsageError } from '../../shared/errors.js';
import { type AnsweringRecorder, createRecorder, pathOf, type Recorder } from './create-recorder.js';

/** A recorder to start; `token` is what it is, no reference any more. */
export interface RecorderPlan {
  name: string;
  spec: RecorderSpec;
  /** Where the pipeline finds this machine; 127.0.0.1 when left out. */
  address?: RecorderAddress | undefined;
}

/** Real HTTP servers that a pipeline posts its events to. */
export interface Recorders {
  /** In the order of the plans. */
  readonly byName: ReadonlyMap<string, Recorder>;
  close(): Promise<void>;
}

/**
 * Starts recorders, each on a free port of its own. Those whose addresses name the same port share it, and are told apart by their paths: so
 * one tunnel serves several.
 * @throws UsageError when two want the same path of the same port; OperationError when a port is taken
 */
export async function startRecorders(plans: readonly RecorderPlan[], clock: Clock): Promise<Recorders> {
  const servers: RunningServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const started = new Map<string, Recorder>();
  try {
    for (const group of byPort(plans)) {
      requireOwnPaths(group);
      const server = await listen(group);
      servers.push(server);
      for (const { name, spec, address } of group) {
        const base = address?.base ?? `http://${address?.host ?? '127.0.0.1'}:${server.port}`;
        const recorder = createRecorder(name, spec, base, clock);
        server.recorders.push(recorder);
        started.set(name, recorder);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const named = plans.flatMap(({ name }) => {
    const recorder = started.get(name);
    return recorder ? [[name, recorder] as const] : [];
  });
  return { byName: new Map(named), close };
}

function byPort(plans: readonly RecorderPlan[]): RecorderPlan[][] {
  const groups = new Map<number | string, RecorderPlan[]>();
  for (const plan of plans) {
    const key = plan.address?.port ?? `any, for ${plan.name}`;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups.values()];
}

function requireOwnPaths(group: readonly RecorderPlan[]): void {
  const owners = new Map<string, string>();
  for (const { name, spec, address } of group) {
    const owner = owners.get(spec.path);
    if (owner !== undefined) {
      throw new UsageError(`The recorders ${owner} and ${name} both listen at ${spec.path} of port ${address?.port}.`, {
        hint: 'Give one of them another path, or another port: --recorder-host NAME=HOST:PORT.',
      });
    }
    owners.set(spec.path, name);
  }
}

interface RunningServer {
  port: number;
  recorders: AnsweringRecorder[];
  close(): Promise<void>;
}

async function listen(group: readonly RecorderPlan[]): Promise<RunningServer> {
  const recorders: AnsweringRecorder[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const path = pathOf(request);
    // What is for none of them is refused by the first, so that its diagnosis can say so.
    const recorder = recorders.find((each) => each.listensAt(path)) ?? recorders[0];
    recorder?.answer(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await bind(server, group);
  return {
    port: (server.address() as AddressInfo).port,
    recorders,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function bind(server: Server, group: readonly RecorderPlan[]): Promise<void> {
  const port = group[0]?.address?.port;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explain(cause, group, port)));
    server.listen(port ?? 0, group.every(({ address }) => isLoopback(address)) ? '127.0.0.1' : undefined, resolve);
  });
}

function explain(cause: NodeJS.ErrnoException, group: readonly RecorderPlan[], port: number | undefined): Error {
  if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return cause;
  const names = group.map(({ name }) => name);
  const who = names.length === 1 ? `the recorder ${names[0]}` : `the recorders ${names.join(', ')}`;
  const why = cause.code === 'EADDRINUSE' ? `Port ${port} is taken` : `Port ${port} may not be used by you`;
  return new OperationError(`${why}, so ${who} cannot listen there.`, {
    hint: 'Give --recorder-host another port.',
    cause,
  });
}

/** A tunnel or proxy ends on this machine, so nobody else need reach the port. */
const isLoopback = (address: RecorderAddress | undefined): boolean =>
  address === undefined || address.base !== undefined || ['127.0.0.1', 'localhost'].includes(address.host);
