import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { RequestSigner, type SigningCredentials } from '../../src/lib/target/sign-request.js';

/** The hash that the SDK's signer wants to be given. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}
const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): Buffer =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);

describe("signatures are those of the SDK's own signer", () => {
  const signerOf = (path: string): RequestSigner =>
    new RequestSigner({
      region: 'eu-west-1',
      service: 'kinesis',
      host: 'kinesis.eu-west-1.amazonaws.com',
      contentType: 'application/x-amz-json-1.1',
      path,
    });
  const atRoot = signerOf('/');
  const plain = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

  it.each<[string, SigningCredentials, string, string | Buffer, string?]>([
    ['with a key', plain, '2026-11-20T10:00:00.000Z', '{"StreamName":"orders"}'],
    ['with a session', { ...plain, sessionToken: 'FwoGZXIvYXdzEJr//////////wEaD==' }, '2026-11-20T23:59:59.999Z', '{}'],
    ['on another day', plain, '2027-01-01T00:00:00.000Z', Buffer.from([123, 125])],
    ['with another secret on that day', { ...plain, secretAccessKey: 'other' }, '2027-01-01T00:00:01.000Z', ''],
    ['behind a gateway', plain, '2026-11-20T10:00:00.000Z', '{}', '/aws/a%20b/~x/'],
  ])('%s', async (_name, credentials, instant, body, path = '/') => {
    const now = new Date(instant);
    const signer = path === '/' ? atRoot : signerOf(path);
    const headers = signer.sign('Kinesis_20131202.PutRecords', body, credentials, now);
    const { authorization: _, 'x-amz-date': __, 'x-amz-security-token': ___, ...given } = headers;
    const sdk = new SignatureV4({
      region: 'eu-west-1',
      service: 'kinesis',
      credentials,
      sha256: Sha256,
      applyChecksum: false,
    });
    const signed = await sdk.sign(
      {
        method: 'POST',
        protocol: 'https:',
        hostname: 'kinesis.eu-west-1.amazonaws.com',
        path,
        headers: given,
        body,
      },
      { signingDate: now },
    );
    expect(headers).toEqual({ ...signed.headers });
  });
});
