// Signature Version 4 for one kind of request: POST to one path, no query, a body that is at hand.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHmac, hash } from 'node:crypto';

export interface SigningCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface SigningScope {
  region: string;
  service: string;
  /** Host and port as they go into the Host header. */
  host: string;
  contentType: string;
  /** As it goes over the wire. */
  path: string;
}

/** Signs requests of one scope; the key derived from the secret is kept for its day. */
export class RequestSigner {
  readonly #scope: SigningScope;
  readonly #canonicalPath: string;
  #key: { day: string; secret: string; value: Buffer } | undefined;

  constructor(scope: SigningScope) {
    this.#scope = scope;
    // What is escaped for the wire is escaped once more, for every service but S3.
    this.#canonicalPath = scope.path.split('/').map(encodeURIComponent).join('/');
  }

  /** The headers of a request, its signature among them. @param target the value of X-Amz-Target */
  sign(target: string, body: Uint8Array | string, credentials: SigningCredentials, now: Date): Record<string, string> {
    const { region, service, host, contentType } = this.#scope;
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const time = `${now.toISOString().replace(/[-:]|\.\d{3}/g, '')}`;
    const day = time.slice(0, 8);
    const token = sessionToken === undefined ? '' : `x-amz-security-token:${sessionToken}\n`;
    const names = `content-type;host;x-amz-date;${sessionToken === undefined ? '' : 'x-amz-security-token;'}x-amz-target`;
    const canonical = `POST\n${this.#canonicalPath}\n\ncontent-type:${contentType}\nhost:${host}\nx-amz-date:${time}\n${token}x-amz-target:${target}\n\n${names}\n${hash('sha256', body, 'hex')}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    const signature = createHmac('sha256', this.#keyFor(day, secretAccessKey)).update(toSign).digest('hex');
    return {
      host,
      'content-type': contentType,
      'x-amz-date': time,
      'x-amz-target': target,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    };
  }

  #keyFor(day: string, secret: string): Buffer {
    if (this.#key?.day !== day || this.#key.secret !== secret) {
      const { region, service } = this.#scope;
      const value = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
        (key, part) => createHmac('sha256', key).update(part).digest(),
        `AWS4${secret}`,
      ) as Buffer;
      this.#key = { day, secret, value };
    }
    return this.#key.value;
  }
}
