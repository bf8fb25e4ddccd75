import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Codes of Node's parser that are about size or time; all others are about form. */
const KNOWN: Record<string, { status: string; type: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    type: 'RequestHeaderSectionTooLarge',
    message: 'The headers are larger than 16 KiB',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Payload Too Large',
    type: 'RequestEntityTooLargeException',
    message: 'The chunk extensions are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    type: 'RequestTimeout',
    message: 'The headers did not arrive in time',
  },
  HPE_INVALID_EOF_STATE: {
    status: '400 Bad Request',
    type: 'IncompleteBody',
    message: 'The request ended before its body did',
  },
};

/** Answers what is not HTTP, or no whole request, in the form of AWS's errors; Node itself answers with a bare status. */
export function refuseBrokenHttp(server: Pick<Server, 'on'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { reason?: string }, duplex) => {
    const socket = duplex as Socket & { _httpMessage?: { headersSent: boolean } };
    // After the head of an answer, another head would be read as its body. And before TLS is agreed upon nothing can be said: it would wait
    // for that, and the connection with it, for ever.
    if (!socket.writable || socket._httpMessage?.headersSent || !isAboutHttp(error)) {
      socket.destroy();
      return;
    }
    const { status, type, message } = KNOWN[error.code ?? ''] ?? {
      status: '400 Bad Request',
      type: 'BadRequest',
      message: `The request is not valid HTTP${error.reason ? `: ${error.reason}` : ''}`,
    };
    const body = JSON.stringify({ __type: type, message });
    const head = [
      `HTTP/1.1 ${status}`,
      'content-type: application/json',
      `x-amzn-errortype: ${type}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.destroySoon();
  });
}

/** Told from TLS's errors and the connection's own by their codes. */
const isAboutHttp = ({ code }: NodeJS.ErrnoException): boolean =>
  code !== undefined && (code.startsWith('HPE_') || code.startsWith('ERR_HTTP_'));
