import type { Http2SecureServer, Http2Server, ServerHttp2Session } from 'node:http2';

/**
 * Ends HTTP/2 connections that do nothing: Node keeps them for ever, also those that have lost their way (a header block that cannot be
 * read). One with a stream open may be quiet for as long as it likes: a function that works, a shard without records.
 * @param limits.firstMs for a connection that has not asked for anything yet
 * @param limits.idleMs between two requests
 */
export function boundSessions(
  server: Http2Server | Http2SecureServer,
  limits: { firstMs: number; idleMs: number },
): void {
  server.on('session', (session: ServerHttp2Session) => {
    let open = 0;
    const endIfIdle = (): void => {
      if (open === 0) session.destroy();
    };
    session.setTimeout(limits.firstMs, endIfIdle);
    session.on('stream', (stream) => {
      open += 1;
      session.setTimeout(limits.idleMs);
      stream.once('close', () => {
        open -= 1;
        if (!session.destroyed) session.setTimeout(limits.idleMs); // counts from now, not from its last byte
      });
    });
  });
}
