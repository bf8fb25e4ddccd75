import type { Parameter } from '@aws-sdk/client-ssm';
import type { Calls } from '../../../wire/handlers.js';
import { isMap, type Value, type ValueMap } from '../template/value.js';
import { TemplateFault } from './failure-reason.js';

const REFERENCE = /\{\{resolve:([^{}]+)\}\}/g;

/**
 * Fills in `{{resolve:ssm:NAME[:VERSION]}}` and `{{resolve:ssm-secure:…}}` from Parameter Store.
 * @throws TemplateFault for a parameter that is not there, and for secretsmanager, which this endpoint has not
 */
export async function resolveDynamicReferences(value: Value, calls: Calls): Promise<Value> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? resolveText(value, calls) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveDynamicReferences(item, calls)));
  if (!isMap(value)) return value;
  const resolved: ValueMap = {};
  for (const [key, member] of Object.entries(value)) resolved[key] = await resolveDynamicReferences(member, calls);
  return resolved;
}

async function resolveText(text: string, calls: Calls): Promise<string> {
  const found = new Map<string, string>();
  for (const [whole, reference] of text.matchAll(REFERENCE)) {
    if (!found.has(whole)) found.set(whole, await resolveOne(reference ?? '', calls));
  }
  return text.replace(REFERENCE, (whole) => found.get(whole) ?? whole);
}

async function resolveOne(reference: string, calls: Calls): Promise<string> {
  const [service = '', name = '', version] = reference.split(':');
  if (service !== 'ssm' && service !== 'ssm-secure')
    throw new TemplateFault(
      `Dynamic reference {{resolve:${reference}}}: this endpoint resolves ssm and ssm-secure only.`,
    );
  const Name = version === undefined ? name : `${name}:${version}`;
  let parameter: Parameter | undefined;
  try {
    ({ Parameter: parameter } = await calls.ssm.GetParameter({ Name, WithDecryption: service === 'ssm-secure' }));
  } catch {
    throw new TemplateFault(`Parameters: [${service}:${name}:${version ?? ''}] cannot be found.`);
  }
  if (service === 'ssm' && parameter?.Type === 'SecureString')
    throw new TemplateFault(`Non-secure ssm prefix was used for secure parameter: ${name}`);
  return parameter?.Value ?? '';
}
