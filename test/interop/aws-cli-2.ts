import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, hasTool, once, run } from './tools.js';

/** A program to run and what goes in front of its arguments. */
export interface AwsCli2 {
  program: string;
  before: string[];
  env: Record<string, string>;
}

/** What the AWS CLI's package of Debian 12 needs to run from a folder, on Debian's own Python. */
const DEBIAN_PACKAGES = [
  ...['awscli', 'python3-awscrt', 'python3-cffi-backend', 'python3-colorama', 'python3-cryptography'],
  ...['python3-dateutil', 'python3-distro', 'python3-docutils', 'python3-jmespath', 'python3-prompt-toolkit'],
  ...['python3-pyasn1', 'python3-roman', 'python3-ruamel.yaml', 'python3-ruamel.yaml.clib', 'python3-six'],
  ...['python3-urllib3', 'python3-wcwidth'],
];

/**
 * Version 2 of the AWS CLI, which PyPI does not have: the `aws` on the PATH where it is that (on GitHub's runners it is), else Debian's
 * package, unpacked into a folder. Undefined where there is neither.
 */
export async function awsCli2(): Promise<AwsCli2 | undefined> {
  if (hasTool('aws') && (await says('aws', ['--version'])).startsWith('aws-cli/2'))
    return { program: 'aws', before: [], env: {} };
  if (!hasTool('apt-get') || !hasTool('dpkg-deb') || !existsSync('/usr/bin/python3')) return undefined;
  if (!/Candidate: 2\./.test(await says('apt-cache', ['policy', 'awscli']))) return undefined;
  const folder = await cacheFolder('aws-cli-2');
  await once(folder, DEBIAN_PACKAGES.join(' '), async () => {
    await run('apt-get', ['download', ...DEBIAN_PACKAGES], { cwd: folder });
    for (const file of await readdir(folder))
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', file, 'root'], { cwd: folder });
  });
  return {
    program: '/usr/bin/python3',
    before: [join(folder, 'root', 'usr', 'bin', 'aws')],
    env: { PYTHONPATH: join(folder, 'root', 'usr', 'lib', 'python3', 'dist-packages') },
  };
}

const says = (program: string, args: string[]): Promise<string> => run(program, args).catch(() => '');
