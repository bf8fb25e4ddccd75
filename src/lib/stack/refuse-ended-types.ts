import { UsageError } from '../shared/errors.js';
import type { Target } from '../target/target.js';
import type { TemplateFile } from './template-file.js';

/**
 * Refuses resources that AWS has ended although CloudFormation still takes them: SQL applications, since 2026-01-27.
 * @throws UsageError for a template with one, on AWS
 */
export function refuseEndedTypes({ path, resources, document }: TemplateFile, { kind }: Pick<Target, 'kind'>): void {
  if (kind !== 'aws') return;
  const ended = resources.find(
    ({ type, at }) =>
      type.startsWith('AWS::KinesisAnalytics::') ||
      (type === 'AWS::KinesisAnalyticsV2::Application' &&
        document.getIn([...at, 'Properties', 'RuntimeEnvironment']) === 'SQL-1_0'),
  );
  if (!ended) return;
  throw new UsageError(`${path}: "${ended.logicalId}" is a SQL application, and AWS ended those on 2026-01-27.`, {
    hint: 'Run its SQL on Flink: pipectl sql STREAM --file FILE --columns LIST --print flink\nOr deploy to the local endpoint: pipectl deploy --local',
  });
}
