import { join } from 'node:path';
import { cacheFolder, once, run } from './tools.js';

/**
 * Pinned to the weeks of the SDK clients that the packs are made from: a newer one knows operations that they do not. The AWS CLI wants
 * a botocore of its own.
 */
const PACKAGES = {
  boto3: 'boto3==1.43.100',
  'aws-cli': 'awscli==1.46.2',
  'cfn-lint': 'cfn-lint==1.51.0',
  /** What reads reports, and what knows the schemas of GitHub's and GitLab's workflows. */
  'report-readers': 'junitparser==5.0.3 tap.py==3.2.1 PyYAML==6.0.3 more-itertools==11.2.1 check-jsonschema==0.39.0',
};

/** The `bin` folder of a virtual environment with these packages from PyPI (6 s each to make, 25 s cfn-lint). */
export async function pythonTools(name: keyof typeof PACKAGES): Promise<string> {
  const folder = await cacheFolder(name);
  await once(folder, PACKAGES[name], async () => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...PACKAGES[name].split(' '),
    ]);
  });
  return join(folder, 'bin');
}
