import { randomInt } from 'node:crypto';
import type { NameLimits } from './resource-type.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LENGTH = 12;

/** `STACK-LOGICALID-RANDOM`, the two given parts cut evenly where the service's limit is short. */
export function physicalName(stackName: string, logicalId: string, limits: NameLimits = {}): string {
  const { maxLength = 255, lowerCase = false } = limits;
  const room = maxLength - RANDOM_LENGTH - 2;
  const logicalPart = logicalId.slice(0, Math.max(room - stackName.length, Math.floor(room / 2)));
  const stackPart = stackName.slice(0, room - logicalPart.length);
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const name = `${stackPart}-${logicalPart}-${random}`;
  return lowerCase ? name.toLowerCase() : name;
}
