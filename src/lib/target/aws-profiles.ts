import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a profile says of where calls go. */
export interface AwsProfile {
  region: string | undefined;
  /** `endpoint_url`: every call of the profile goes there. */
  endpointUrl: string | undefined;
  /** `services`: the section that names endpoints of single services. */
  services: string | undefined;
  /** `ignore_configured_endpoint_urls`: which takes it out of force. */
  ignoresEndpointUrls: boolean;
}

/** The profiles of the AWS configuration, by name. */
export type AwsProfiles = ReadonlyMap<string, AwsProfile>;

const SAYS_NOTHING: AwsProfile = {
  region: undefined,
  endpointUrl: undefined,
  services: undefined,
  ignoresEndpointUrls: false,
};

/** Reads the AWS configuration and credentials files as the AWS CLI finds them; a file that is not there has no profiles. */
export function readAwsProfiles(env: NodeJS.ProcessEnv): AwsProfiles {
  const folder = join(env.HOME || homedir(), '.aws');
  const profiles = new Map<string, AwsProfile>();
  // In the configuration file `[profile NAME]` and `[default]`; in the credentials file every section is a profile.
  readSections(env.AWS_CONFIG_FILE || join(folder, 'config'), /^(?:profile\s+(\S.*)|(default))$/, profiles);
  readSections(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'), /^(.+)$/, profiles);
  return profiles;
}

function readSections(path: string, header: RegExp, profiles: Map<string, AwsProfile>): void {
  let name: string | undefined;
  for (const line of read(path).split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      const match = header.exec(section);
      name = (match?.[1] ?? match?.[2])?.replace(/^(["'])(.*)\1$/, '$2');
      if (name !== undefined && !profiles.has(name)) profiles.set(name, { ...SAYS_NOTHING });
    }
    const profile = name === undefined ? undefined : profiles.get(name);
    // At the start of a line: what is set in is a setting of one service.
    const [, key, value] = /^(\w+)\s*=\s*(\S+)/.exec(line) ?? [];
    if (!profile || value === undefined) continue;
    if (key === 'region') profile.region = value;
    else if (key === 'endpoint_url') profile.endpointUrl = value;
    else if (key === 'services') profile.services = value;
    else if (key === 'ignore_configured_endpoint_urls') profile.ignoresEndpointUrls = value.toLowerCase() === 'true';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
