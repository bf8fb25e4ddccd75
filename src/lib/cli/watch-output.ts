import { closeSync, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** What is needed of Node's handle of a stream: its public classes refuse to look at the end of a pipe that one writes to. */
interface PipeHandle {
  open(fd: number): number;
}
type Binding = (name: 'tcp_wrap') => { TCP: new (type: number) => PipeHandle; constants: { SOCKET: number } };

/**
 * Tells when the reader of a pipe goes away while nothing is written to it (`tail | head -1` on a quiet stream), as GNU tail does: the
 * system reports an error on the writing end. Only on Linux, and only for pipes; elsewhere the next write tells.
 * @param fd of the writing end
 */
export function onReaderGone(fd: number, isGone: () => void): void {
  if (process.platform !== 'linux' || !fstatSync(fd).isFIFO()) return;
  const own = openSync(`/proc/self/fd/${fd}`, 'w'); // Node may watch each descriptor once
  const handle = watchable(own);
  if (!handle) {
    closeSync(own);
    return;
  }
  const socket = new Socket({ handle, readable: true, writable: false } as ConstructorParameters<typeof Socket>[0]);
  socket.on('error', () => {}); // nothing can be read there: that is how the system says it
  socket.on('close', isGone);
  socket.resume();
  socket.unref();
}

function watchable(fd: number): PipeHandle | undefined {
  const binding: Binding | undefined = Reflect.get(process, 'binding');
  if (typeof binding !== 'function') return undefined; // a Node to come may lack it
  try {
    const { TCP, constants } = Reflect.apply(binding, process, ['tcp_wrap']);
    const handle = new TCP(constants.SOCKET);
    return handle.open(fd) === 0 ? handle : undefined;
  } catch {
    return undefined;
  }
}
