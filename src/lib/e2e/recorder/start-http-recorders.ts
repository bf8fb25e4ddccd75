import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RecorderAddress } from '../../project/recorder-address.js';
import { formatDuration } from '../../shared/duration.js';
import { OperationError, UsageError } from '../../shared/errors.js';
import {
  type AnsweringRecorder,
  createHttpRecorder,
  type HttpRecorder,
  type HttpRecorderSpec,
  pathOf,
} from './create-http-recorder.js';
import type { RecorderPlan, RecordersStart, StartedRecorders } from './recorder.js';
import { answerRoleCall, isRecorder, isRoleCall } from './role-call.js';

/** As long as for a stack that another run has. */
const WAIT_MS = 300_000;
const POLL_MS = 1000;

type Plan = RecorderPlan<HttpRecorderSpec>;

/**
 * Starts recorders, each on a free port of its own. Those whose addresses name the same port share it, and are told apart by their paths: so
 * one tunnel serves several. A port that another run's recorder has is waited for.
 * @throws UsageError when two want the same path of the same port; OperationError when a port is taken by somebody else, or for too long
 */
export async function startHttpRecorders(
  plans: readonly Plan[],
  start: RecordersStart,
): Promise<StartedRecorders<HttpRecorder>> {
  const servers: RunningServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const started = new Map<string, HttpRecorder>();
  const addresses = new Map<string, string>();
  try {
    for (const group of byPort(plans)) {
      requireOwnPaths(group);
      const server = await listen(group, start);
      servers.push(server);
      for (const { name, spec, address } of group) {
        const host = `${address?.host ?? '127.0.0.1'}:${server.port}`;
        const base = address?.base ?? `http://${host}`;
        addresses.set(name, address?.base === undefined ? host : `${base}=${server.port}`);
        const recorder = createHttpRecorder(name, spec, base, start.clock);
        server.recorders.push(recorder);
        started.set(name, recorder);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { byName: started, addresses, close };
}

function byPort(plans: readonly Plan[]): Plan[][] {
  const groups = new Map<number | string, Plan[]>();
  for (const plan of plans) {
    const key = plan.address?.port ?? `any, for ${plan.name}`;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  // In the same order in every run: two that want the same ports never wait for each other.
  return [...groups.values()].sort((a, b) => (a[0]?.address?.port ?? 0) - (b[0]?.address?.port ?? 0));
}

function requireOwnPaths(group: readonly Plan[]): void {
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

async function listen(group: readonly Plan[], start: RecordersStart): Promise<RunningServer> {
  const recorders: AnsweringRecorder[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (isRoleCall(request)) return answerRoleCall(response);
    const path = pathOf(request);
    // What is for none of them is refused by the first, so that its diagnosis can say so.
    const recorder = recorders.find((each) => each.listensAt(path)) ?? recorders[0];
    recorder?.answer(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await bindInTurn(server, group, start);
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

/** Binds; while another run's recorder has the port, waits for that run to end. */
async function bindInTurn(server: Server, group: readonly Plan[], start: RecordersStart): Promise<void> {
  const { clock, signal, onWaiting } = start;
  const port = group[0]?.address?.port;
  const until = clock.now() + WAIT_MS;
  for (let told = false; ; told = true) {
    try {
      return await bind(server, group, port);
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      const canMove = group.every(({ address }) => address?.kept === 'preferred');
      if (taken && canMove && port !== undefined && !(await isRecorder(port))) return bind(server, group, undefined);
      if (!taken || port === undefined || clock.now() >= until || !(await isRecorder(port)))
        throw explain(error as NodeJS.ErrnoException, group, port);
      if (!told)
        onWaiting(
          `another run of e2e has a recorder at port ${port}; waiting up to ${formatDuration(WAIT_MS)} for it to end`,
        );
      await clock.sleep(POLL_MS, signal);
    }
  }
}

function bind(server: Server, group: readonly Plan[], port: number | undefined): Promise<void> {
  const host = group.every(({ address }) => isLoopback(address)) ? '127.0.0.1' : undefined;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function explain(cause: NodeJS.ErrnoException, group: readonly Plan[], port: number | undefined): Error {
  if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return cause;
  const names = group.map(({ name }) => name);
  const who = names.length === 1 ? `the recorder ${names[0]}` : `the recorders ${names.join(', ')}`;
  const why = cause.code === 'EADDRINUSE' ? `Port ${port} is taken` : `Port ${port} may not be used by you`;
  const isKept = group.some(({ address }) => address?.kept === 'fixed');
  return new OperationError(`${why}, so ${who} cannot listen there.`, {
    hint: isKept
      ? 'The kept stacks post to this port. End the program that has it, or run once without --no-deploy.'
      : 'Give --recorder-host another port.',
    cause,
  });
}

/** A tunnel or proxy ends on this machine, so nobody else need reach the port. */
const isLoopback = (address: RecorderAddress | undefined): boolean =>
  address === undefined || address.base !== undefined || ['127.0.0.1', 'localhost'].includes(address.host);
