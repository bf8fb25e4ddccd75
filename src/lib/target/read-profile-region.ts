import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The `region` of a profile in the AWS configuration file, as the AWS CLI finds it; undefined where there is none. */
export function readProfileRegion(profile: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = env.AWS_CONFIG_FILE || join(env.HOME || homedir(), '.aws', 'config');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line);
    if (header) section = header[1] ?? '';
    const setting = /^region\s*=\s*(\S+)/.exec(line);
    if (setting && section === profile) return setting[1];
  }
  return undefined;
}
