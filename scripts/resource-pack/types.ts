/**
 * Which of AWS's resource types are in the pack: `*` stands for every type of a service, `!` takes one out again.
 * A type of the pack without a file in `resources/` is kept without effect. Whole services whose schemas are large and whose resources
 * a pipeline does not name are left out.
 */
export const INERT: readonly string[] = [
  ...services(
    'ApplicationAutoScaling',
    'Athena',
    'Budgets',
    'CertificateManager',
    'CloudTrail',
    'CodeDeploy',
    'ECR',
    'EFS',
    'KMS',
  ),
  ...services('LakeFormation', 'Lambda', 'Logs', 'RedshiftServerless', 'ResourceGroups', 'S3', 'SSM', 'SecretsManager'),
  ...services(
    'ServiceDiscovery',
    'Timestream',
    'XRay',
    'Kinesis',
    'IAM',
    'ApiGateway',
    'ApiGatewayV2',
    'CloudWatch',
    'S3Tables',
  ),
  ...of('AutoScaling', 'AutoScalingGroup', 'LaunchConfiguration', 'ScalingPolicy'),
  ...of('Backup', 'BackupPlan', 'BackupSelection', 'BackupVault'),
  ...of('CloudFormation', 'Stack', 'WaitConditionHandle'),
  ...of(
    'CloudFront',
    'CachePolicy',
    'CloudFrontOriginAccessIdentity',
    'Distribution',
    'Function',
    'OriginAccessControl',
  ),
  ...of('CodeBuild', 'Project'),
  ...of(
    'Cognito',
    'IdentityPool',
    'IdentityPoolRoleAttachment',
    'UserPool',
    'UserPoolClient',
    'UserPoolDomain',
    'UserPoolGroup',
  ),
  ...of('Cognito', 'UserPoolResourceServer', 'UserPoolUser'),
  ...of('DynamoDB', 'GlobalTable', 'Table'),
  ...of(
    'EC2',
    'DHCPOptions',
    'EIP',
    'EIPAssociation',
    'FlowLog',
    'Instance',
    'InternetGateway',
    'KeyPair',
    'LaunchTemplate',
  ),
  ...of(
    'EC2',
    'NatGateway',
    'NetworkAcl',
    'NetworkAclEntry',
    'NetworkInterface',
    'Route',
    'RouteTable',
    'SecurityGroup',
  ),
  ...of(
    'EC2',
    'SecurityGroupEgress',
    'SecurityGroupIngress',
    'Subnet',
    'SubnetNetworkAclAssociation',
    'SubnetRouteTableAssociation',
  ),
  ...of('EC2', 'VPC', 'VPCEndpoint', 'VPCGatewayAttachment', 'Volume'),
  ...of('ECS', 'Cluster', 'Service', 'TaskDefinition'),
  ...of('ElastiCache', 'CacheCluster', 'ParameterGroup', 'ReplicationGroup', 'ServerlessCache', 'SubnetGroup'),
  ...of('ElasticLoadBalancingV2', 'Listener', 'ListenerRule', 'LoadBalancer', 'TargetGroup'),
  ...of('Elasticsearch', 'Domain'),
  ...of(
    'Glue',
    'Classifier',
    'Connection',
    'Crawler',
    'Database',
    'Job',
    'Partition',
    'Registry',
    'Schema',
    'SchemaVersion',
  ),
  ...of('Glue', 'SecurityConfiguration', 'Table', 'Trigger', 'Workflow'),
  ...of('Grafana', 'Workspace'),
  ...of('KinesisVideo', 'SignalingChannel', 'Stream'),
  ...of('OpenSearchServerless', 'AccessPolicy', 'Collection', 'SecurityPolicy', 'VpcEndpoint'),
  ...of('OpenSearchService', 'Domain'),
  ...of('RDS', 'DBCluster', 'DBClusterParameterGroup', 'DBInstance', 'DBParameterGroup', 'DBProxy', 'DBSubnetGroup'),
  ...of('Redshift', 'Cluster', 'ClusterParameterGroup', 'ClusterSubnetGroup'),
  ...of('Route53', 'HostedZone', 'RecordSet', 'RecordSetGroup'),
  ...of('SNS', 'Subscription', 'Topic', 'TopicPolicy'),
  ...of('SQS', 'Queue', 'QueuePolicy'),
  ...of('WAFv2', 'IPSet', 'WebACLAssociation'),
];

/** Types whose job is to move events: kept without effect, a pipeline would lose its events in silence, so they are refused unless let in. */
export const CARRIES_EVENTS: readonly string[] = [
  ...services(
    'AppSync',
    'DynamoDB',
    'Events',
    'KinesisAnalytics',
    'KinesisAnalyticsV2',
    'KinesisFirehose',
    'MSK',
    'Pipes',
    'SNS',
    'SQS',
  ),
  ...services('Scheduler', 'StepFunctions'),
  ...of('AmazonMQ', 'Broker', 'Configuration', 'ConfigurationAssociation'),
  ...of('DMS', 'Endpoint', 'ReplicationInstance', 'ReplicationTask'),
  ...of('IoT', 'TopicRule', 'TopicRuleDestination'),
  ...of('KafkaConnect', 'Connector'),
  ...of('ApiGateway', 'Method', 'RestApi'),
  ...of('ApiGatewayV2', 'Api', 'Integration', 'Route'),
  ...of('Logs', 'Delivery', 'DeliveryDestination', 'DeliverySource', 'Destination', 'AccountPolicy', 'Transformer'),
  ...of('S3', 'AccessPoint'),
];

function services(...names: string[]): string[] {
  return names.map((name) => `AWS::${name}::*`);
}

function of(service: string, ...names: string[]): string[] {
  return names.map((name) => `AWS::${service}::${name}`);
}
