import { createCipheriv, randomBytes } from 'node:crypto';

/** Of this process alone: nothing ever needs to read what it encrypts. */
const key = randomBytes(32);

/** A value as KMS would give it back: base64 that begins as its ciphertexts do, and another one each time. */
export function encrypt(value: string): string {
  const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
  return `AQICAH${Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')}`;
}
