import { expect, it } from 'vitest';
import { refuseEndedTypes } from '../../src/lib/stack/refuse-ended-types.js';
import { parseTemplateText } from '../../src/lib/stack/template-file.js';

const templateOf = (resource: string) => ({
  path: 't.yaml',
  folder: '.',
  ...parseTemplateText(`Resources:\n  App: ${resource}\n`, 't.yaml'),
});
const SQL_V2 = '{ Type: AWS::KinesisAnalyticsV2::Application, Properties: { RuntimeEnvironment: SQL-1_0 } }';

it.each(['{ Type: AWS::KinesisAnalytics::Application }', '{ Type: AWS::KinesisAnalytics::ApplicationOutput }', SQL_V2])(
  'refuses %s on AWS',
  (resource) => {
    expect(() => refuseEndedTypes(templateOf(resource), { kind: 'aws' })).toThrow(
      't.yaml: "App" is a SQL application, and AWS ended those on 2026-01-27.',
    );
  },
);

it('refuses neither Flink on AWS nor SQL elsewhere', () => {
  refuseEndedTypes(templateOf(SQL_V2.replace('SQL-1_0', 'FLINK-1_20')), { kind: 'aws' });
  refuseEndedTypes(templateOf('{ Type: AWS::KinesisAnalytics::Application }'), { kind: 'local' });
});
