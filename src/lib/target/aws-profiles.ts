import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The profiles of the AWS configuration, each with its region where it names one. */
export type AwsProfiles = ReadonlyMap<string, { region: string | undefined }>;

/** Reads the AWS configuration and credentials files as the AWS CLI finds them; a file that is not there has no profiles. */
export function readAwsProfiles(env: NodeJS.ProcessEnv): AwsProfiles {
  const folder = join(env.HOME || homedir(), '.aws');
  const profiles = new Map<string, { region: string | undefined }>();
  // In the configuration file `[profile NAME]` and `[default]`; in the credentials file every section is a profile.
  readSections(env.AWS_CONFIG_FILE || join(folder, 'config'), /^(?:profile\s+(\S.*)|(default))$/, profiles);
  readSections(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'), /^(.+)$/, profiles);
  return profiles;
}

function readSections(path: string, header: RegExp, profiles: Map<string, { region: string | undefined }>): void {
  let name: string | undefined;
  for (const line of read(path).split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      const match = header.exec(section);
      name = (match?.[1] ?? match?.[2])?.replace(/^(["'])(.*)\1$/, '$2');
      if (name !== undefined && !profiles.has(name)) profiles.set(name, { region: undefined });
    }
    const region = /^region\s*=\s*(\S+)/.exec(line)?.[1];
    if (region !== undefined && name !== undefined) profiles.set(name, { region });
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
