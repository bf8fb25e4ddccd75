import type { PackedShape } from '../../src/lib/local/services/cloudformation/schema/pack-format.js';

/** What `Ref` gives where neither source says it: by hand, each from the type's page in the CloudFormation template reference. */
export const REFS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Account': ['Id'],
  'AWS::ApiGateway::Method': ['Id'],
  'AWS::ApiGateway::BasePathMapping': ['Id'],
  'AWS::ApplicationAutoScaling::ScalableTarget': ['Id'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['Arn'],
  'AWS::AutoScaling::ScalingPolicy': ['PolicyARN'],
  'AWS::EC2::Route': ['Id'],
  'AWS::EC2::EIP': ['PublicIp'],
  'AWS::EC2::KeyPair': ['KeyName'],
  'AWS::EC2::VPCGatewayAttachment': ['Id'],
  'AWS::Glue::Table': ['Name'],
  'AWS::Glue::Partition': ['Id'],
  'AWS::IAM::Policy': ['Id'],
  'AWS::KinesisAnalytics::ApplicationOutput': ['Id'],
  'AWS::KinesisAnalytics::ApplicationReferenceDataSource': ['Id'],
  'AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption': ['Id'],
  'AWS::KinesisAnalyticsV2::ApplicationOutput': ['Id'],
  'AWS::KinesisAnalyticsV2::ApplicationReferenceDataSource': ['Id'],
  'AWS::Route53::RecordSet': ['Name'],
  'AWS::SNS::Subscription': ['Arn'],
  'AWS::SNS::TopicPolicy': ['Id'],
  'AWS::SQS::QueuePolicy': ['Id'],
  'AWS::SecretsManager::Secret': ['Arn'],
};

/** Attributes that templates use and neither source names. */
export const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, 'string' | 'list'>>>> = {
  'AWS::S3::Bucket': { WebsiteURL: 'string' },
};

/** Properties whose schema says less, or cfn-lint more, than CloudFormation checks: the services themselves name the runtimes they take. */
export const MEMBERS: Readonly<Record<string, Readonly<Record<string, PackedShape>>>> = {
  'AWS::Lambda::EventSourceMapping': {
    StartingPosition: { is: 'string', enum: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] },
  },
  'AWS::Lambda::Function': { Runtime: 'string' },
  'AWS::Lambda::LayerVersion': { CompatibleRuntimes: { list: 'string', max: 15 } },
};
