// Where the endpoint listens: on both loopback addresses, because `localhost` is either, and further only where that is asked for.
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';

const LOOPBACK = '127.0.0.1';
const LOOPBACK_6 = '::1';
/** Every address of this machine; `::` takes those of IPv4 as well. */
const ALL = '0.0.0.0';
const ALL_6 = '::';

export interface Listening {
  port: number;
  close(closed: () => void): void;
}

/**
 * @param options.port 0 takes any free port, the same one on every address
 * @param options.host an address beside loopback
 * @throws the listening error, `EADDRINUSE` among them; nothing listens then
 */
export async function listenOn(
  server: Server,
  options: { port: number; host?: string; tls: boolean; log(line: string): void },
): Promise<Listening> {
  const { host } = options;
  const isWide = host === ALL || host === ALL_6;
  await listen(server, options.port, isWide ? host : LOOPBACK);
  const { port } = server.address() as AddressInfo;
  const others: Server[] = [];
  const close = (closed: () => void): void => {
    for (const other of others) other.close();
    server.close(closed);
  };
  /** What comes to a further address is served as if it had come to the first, whose sockets are made as Node's servers make them. */
  const listenAlso = async (address: string): Promise<void> => {
    const other = createServer({ allowHalfOpen: !options.tls, noDelay: true }, (socket) =>
      server.emit('connection', socket),
    );
    await listen(other, port, address);
    others.push(other);
  };
  if (host !== ALL_6) {
    await listenAlso(LOOPBACK_6).catch((error: NodeJS.ErrnoException) => {
      // A machine without IPv6 is no trouble. Another program there is: who takes `localhost` for ::1 talks to that one.
      if (error.code === 'EADDRINUSE')
        options.log(`something else has [::1]:${port}; use 127.0.0.1 rather than localhost`);
    });
  }
  if (host !== undefined && !isWide && host !== LOOPBACK && host !== LOOPBACK_6) {
    await listenAlso(host).catch(async (error: unknown) => {
      await new Promise<void>((resolve) => close(resolve));
      throw error;
    });
  }
  return { port, close };
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The addresses by which an endpoint that listens on `host` may be called: they are names that no web page can point elsewhere. */
export function ownAddresses(host: string | undefined): string[] {
  if (host === undefined) return [];
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const addresses = host === ALL || host === ALL_6 ? all.map(({ address }) => address) : [host];
  return addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
}
