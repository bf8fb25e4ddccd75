import { cp, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder, fixture, once, run } from './tools.js';

/**
 * The class path of one of the fixtures that Maven builds: its classes, and what its pom names (a minute when nothing is cached). The jars
 * are copied beside them, because Maven's own cache may be emptied when this one is not.
 */
export async function classPathOf(project: string, source: string): Promise<string> {
  const folder = await cacheFolder(project);
  const goals = ['compile', 'dependency:copy-dependencies'];
  const paths = [`${project}/pom.xml`, `${project}/src/main/java/${source}`];
  const sources = await Promise.all(paths.map((path) => readFile(fixture(path), 'utf8')));
  await once(folder, [...goals, ...sources].join('\n'), async () => {
    await cp(fixture(project), folder, { recursive: true });
    await run('mvn', ['-q', '-B', ...goals], { cwd: folder });
  });
  return [join(folder, 'target', 'classes'), join(folder, 'target', 'dependency', '*')].join(delimiter);
}
