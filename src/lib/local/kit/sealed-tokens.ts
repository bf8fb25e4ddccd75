import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AWS's iterators start with eight bytes that count 1; so do these. */
const HEADER = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Opaque tokens that carry state through a client: encrypted and authenticated with a key of this process, so a token that was
 * changed, cut or made elsewhere is recognised as such.
 */
export class SealedTokens {
  readonly #key = randomBytes(16);

  /** @param kind what the token is for; one made for something else is no token */
  seal(kind: string, content: unknown): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-128-gcm', this.#key, nonce).setAAD(Buffer.from(kind));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([HEADER, nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** The content of a token that this process sealed for the same kind; undefined for anything else. */
  open(kind: string, token: string): unknown {
    const bytes = Buffer.from(token, 'base64');
    const sealedAt = HEADER.length + NONCE_BYTES + TAG_BYTES;
    if (bytes.length <= sealedAt || bytes.toString('base64') !== token) return undefined;
    if (!bytes.subarray(0, HEADER.length).equals(HEADER)) return undefined;
    const nonce = bytes.subarray(HEADER.length, HEADER.length + NONCE_BYTES);
    const decipher = createDecipheriv('aes-128-gcm', this.#key, nonce)
      .setAAD(Buffer.from(kind))
      .setAuthTag(bytes.subarray(HEADER.length + NONCE_BYTES, sealedAt));
    try {
      return JSON.parse(decipher.update(bytes.subarray(sealedAt), undefined, 'utf8') + decipher.final('utf8'));
    } catch {
      return undefined;
    }
  }
}
