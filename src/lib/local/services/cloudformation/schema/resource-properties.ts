// Written by `npm run resource-types` from resource-pack.json: the properties that have effect, as the schemas describe them.
import type { Value } from '../template/value.js';

export interface CloudFormationStackTag {
  Key: string;
  Value: string;
}

/** AWS::CloudFormation::Stack */
export interface CloudFormationStackProperties {
  TemplateURL: string;
  Parameters?: Record<string, string>;
  NotificationARNs?: string[];
  Tags?: CloudFormationStackTag[];
}

export interface DynamoDBGlobalTableAttributeDefinition {
  AttributeName: string;
  AttributeType: 'B' | 'N' | 'S';
}

export interface DynamoDBGlobalTableLocalSecondaryIndex {
  IndexName: string;
  KeySchema: ({   AttributeName: string;   KeyType: 'HASH' | 'RANGE'; })[];
  Projection: DynamoDBGlobalTableProjection;
}

export interface DynamoDBGlobalTableProjection {
  NonKeyAttributes?: string[];
  ProjectionType?: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
}

export interface DynamoDBGlobalTableGlobalSecondaryIndex {
  IndexName: string;
  KeySchema: ({   AttributeName: string;   KeyType: 'HASH' | 'RANGE'; })[];
  Projection: DynamoDBGlobalTableProjection;
  ReadOnDemandThroughputSettings?: DynamoDBGlobalTableReadOnDemandThroughputSettings;
  ReadProvisionedThroughputSettings?: DynamoDBGlobalTableGlobalReadProvisionedThroughputSettings;
  WarmThroughput?: DynamoDBGlobalTableWarmThroughput;
  WriteOnDemandThroughputSettings?: DynamoDBGlobalTableWriteOnDemandThroughputSettings;
  WriteProvisionedThroughputSettings?: DynamoDBGlobalTableWriteProvisionedThroughputSettings;
}

export interface DynamoDBGlobalTableReadOnDemandThroughputSettings {
  MaxReadRequestUnits?: number;
}

export interface DynamoDBGlobalTableGlobalReadProvisionedThroughputSettings {
  ReadCapacityUnits?: number;
}

export interface DynamoDBGlobalTableWarmThroughput {
  ReadUnitsPerSecond?: number;
  WriteUnitsPerSecond?: number;
}

export interface DynamoDBGlobalTableWriteOnDemandThroughputSettings {
  MaxWriteRequestUnits?: number;
}

export interface DynamoDBGlobalTableWriteProvisionedThroughputSettings {
  WriteCapacityAutoScalingSettings?: DynamoDBGlobalTableCapacityAutoScalingSettings;
}

export interface DynamoDBGlobalTableCapacityAutoScalingSettings {
  MaxCapacity: number;
  MinCapacity: number;
  SeedCapacity?: number;
  TargetTrackingScalingPolicyConfiguration: DynamoDBGlobalTableTargetTrackingScalingPolicyConfiguration;
}

export interface DynamoDBGlobalTableTargetTrackingScalingPolicyConfiguration {
  DisableScaleIn?: boolean;
  ScaleInCooldown?: number;
  ScaleOutCooldown?: number;
  TargetValue: number;
}

export interface DynamoDBGlobalTableStreamSpecification {
  StreamViewType: 'KEYS_ONLY' | 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE';
}

export interface DynamoDBGlobalTableTimeToLiveSpecification {
  AttributeName?: string;
  Enabled: boolean;
}

export interface DynamoDBGlobalTableReplicaSpecification {
  ContributorInsightsSpecification?: DynamoDBGlobalTableContributorInsightsSpecification;
  DeletionProtectionEnabled?: boolean;
  DisassociationProtectionEnabled?: boolean;
  GlobalSecondaryIndexes?: DynamoDBGlobalTableReplicaGlobalSecondaryIndexSpecification[];
  GlobalTableSettingsReplicationMode?: 'ENABLED' | 'DISABLED';
  KinesisStreamSpecification?: DynamoDBGlobalTableKinesisStreamSpecification;
  PointInTimeRecoverySpecification?: DynamoDBGlobalTablePointInTimeRecoverySpecification;
  ReadOnDemandThroughputSettings?: DynamoDBGlobalTableReadOnDemandThroughputSettings;
  ReadProvisionedThroughputSettings?: DynamoDBGlobalTableReadProvisionedThroughputSettings;
  Region: string;
  ReplicaStreamSpecification?: DynamoDBGlobalTableReplicaStreamSpecification;
  ResourcePolicy?: DynamoDBGlobalTableResourcePolicy;
  SSESpecification?: DynamoDBGlobalTableReplicaSSESpecification;
  TableClass?: string;
  Tags?: DynamoDBGlobalTableTag[];
}

export interface DynamoDBGlobalTableContributorInsightsSpecification {
  Enabled: boolean;
  Mode?: 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS';
}

export interface DynamoDBGlobalTableReplicaGlobalSecondaryIndexSpecification {
  ContributorInsightsSpecification?: DynamoDBGlobalTableContributorInsightsSpecification;
  IndexName: string;
  ReadOnDemandThroughputSettings?: DynamoDBGlobalTableReadOnDemandThroughputSettings;
  ReadProvisionedThroughputSettings?: DynamoDBGlobalTableReadProvisionedThroughputSettings;
}

export interface DynamoDBGlobalTableReadProvisionedThroughputSettings {
  ReadCapacityAutoScalingSettings?: DynamoDBGlobalTableCapacityAutoScalingSettings;
  ReadCapacityUnits?: number;
}

export interface DynamoDBGlobalTableKinesisStreamSpecification {
  ApproximateCreationDateTimePrecision?: 'MICROSECOND' | 'MILLISECOND';
  StreamArn: string;
}

export interface DynamoDBGlobalTablePointInTimeRecoverySpecification {
  PointInTimeRecoveryEnabled?: boolean;
  RecoveryPeriodInDays?: number;
}

export interface DynamoDBGlobalTableReplicaStreamSpecification {
  ResourcePolicy?: DynamoDBGlobalTableResourcePolicy;
  Tags?: DynamoDBGlobalTableTag[];
}

export interface DynamoDBGlobalTableResourcePolicy {
  PolicyDocument: Value;
}

export interface DynamoDBGlobalTableTag {
  Key: string;
  Value: string;
}

export interface DynamoDBGlobalTableReplicaSSESpecification {
  KMSMasterKeyId: string;
}

/** AWS::DynamoDB::GlobalTable */
export interface DynamoDBGlobalTableProperties {
  TableName?: string;
  KeySchema?: ({   AttributeName: string;   KeyType: 'HASH' | 'RANGE'; })[];
  AttributeDefinitions?: DynamoDBGlobalTableAttributeDefinition[];
  LocalSecondaryIndexes?: DynamoDBGlobalTableLocalSecondaryIndex[];
  GlobalSecondaryIndexes?: DynamoDBGlobalTableGlobalSecondaryIndex[];
  BillingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED';
  WriteProvisionedThroughputSettings?: DynamoDBGlobalTableWriteProvisionedThroughputSettings;
  StreamSpecification?: DynamoDBGlobalTableStreamSpecification;
  TimeToLiveSpecification?: DynamoDBGlobalTableTimeToLiveSpecification;
  Replicas: DynamoDBGlobalTableReplicaSpecification[];
}

export interface DynamoDBTableAttributeDefinition {
  AttributeName: string;
  AttributeType: 'B' | 'N' | 'S';
}

export interface DynamoDBTableLocalSecondaryIndex {
  IndexName: string;
  KeySchema: {   AttributeName: string;   KeyType: string; }[];
  Projection: DynamoDBTableProjection;
}

export interface DynamoDBTableProjection {
  NonKeyAttributes?: string[];
  ProjectionType?: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
}

export interface DynamoDBTableGlobalSecondaryIndex {
  ContributorInsightsSpecification?: DynamoDBTableContributorInsightsSpecification;
  IndexName: string;
  KeySchema: {   AttributeName: string;   KeyType: string; }[];
  OnDemandThroughput?: DynamoDBTableOnDemandThroughput;
  Projection: DynamoDBTableProjection;
  ProvisionedThroughput?: DynamoDBTableProvisionedThroughput;
  WarmThroughput?: DynamoDBTableWarmThroughput;
}

export interface DynamoDBTableContributorInsightsSpecification {
  Enabled: boolean;
  Mode?: 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS';
}

export interface DynamoDBTableOnDemandThroughput {
  MaxReadRequestUnits?: number;
  MaxWriteRequestUnits?: number;
}

export interface DynamoDBTableProvisionedThroughput {
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
}

export interface DynamoDBTableWarmThroughput {
  ReadUnitsPerSecond?: number;
  WriteUnitsPerSecond?: number;
}

export interface DynamoDBTableStreamSpecification {
  ResourcePolicy?: DynamoDBTableResourcePolicy;
  StreamViewType: 'KEYS_ONLY' | 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE';
  Tags?: DynamoDBTableTag[];
}

export interface DynamoDBTableResourcePolicy {
  PolicyDocument: Value;
}

export interface DynamoDBTableTag {
  Key: string;
  Value: string;
}

export interface DynamoDBTableTimeToLiveSpecification {
  AttributeName?: string;
  Enabled: boolean;
}

export interface DynamoDBTablePointInTimeRecoverySpecification {
  PointInTimeRecoveryEnabled?: boolean;
  RecoveryPeriodInDays?: number;
}

export interface DynamoDBTableKinesisStreamSpecification {
  ApproximateCreationDateTimePrecision?: 'MICROSECOND' | 'MILLISECOND';
  StreamArn: string;
}

/** AWS::DynamoDB::Table */
export interface DynamoDBTableProperties {
  TableName?: string;
  KeySchema: Value;
  AttributeDefinitions?: DynamoDBTableAttributeDefinition[];
  LocalSecondaryIndexes?: DynamoDBTableLocalSecondaryIndex[];
  GlobalSecondaryIndexes?: DynamoDBTableGlobalSecondaryIndex[];
  BillingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED';
  ProvisionedThroughput?: DynamoDBTableProvisionedThroughput;
  OnDemandThroughput?: DynamoDBTableOnDemandThroughput;
  StreamSpecification?: DynamoDBTableStreamSpecification;
  TimeToLiveSpecification?: DynamoDBTableTimeToLiveSpecification;
  PointInTimeRecoverySpecification?: DynamoDBTablePointInTimeRecoverySpecification;
  KinesisStreamSpecification?: DynamoDBTableKinesisStreamSpecification;
  TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  DeletionProtectionEnabled?: boolean;
  Tags?: DynamoDBTableTag[];
}

/** AWS::ECR::Repository */
export interface ECRRepositoryProperties {
  RepositoryName?: string;
}

/** AWS::IAM::InstanceProfile */
export interface IAMInstanceProfileProperties {
  InstanceProfileName?: string;
  Path?: string;
  Roles: string[];
}

/** AWS::IAM::ManagedPolicy */
export interface IAMManagedPolicyProperties {
  ManagedPolicyName?: string;
  Path?: string;
  Description?: string;
  PolicyDocument: Value;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

/** AWS::IAM::Policy */
export interface IAMPolicyProperties {
  PolicyName: string;
  PolicyDocument: Value;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

export interface IAMRolePolicy {
  PolicyDocument: Value;
  PolicyName: string;
}

export interface IAMRoleTag {
  Key: string;
  Value: string;
}

/** AWS::IAM::Role */
export interface IAMRoleProperties {
  RoleName?: string;
  Path?: string;
  AssumeRolePolicyDocument: Value;
  Description?: string;
  ManagedPolicyArns?: string[];
  MaxSessionDuration?: number;
  PermissionsBoundary?: string;
  Policies?: IAMRolePolicy[];
  Tags?: IAMRoleTag[];
}

export interface KinesisFirehoseDeliveryStreamKinesisStreamSourceConfiguration {
  KinesisStreamARN: string;
  RoleARN: string;
}

export interface KinesisFirehoseDeliveryStreamExtendedS3DestinationConfiguration {
  BucketARN: string;
  BufferingHints?: KinesisFirehoseDeliveryStreamBufferingHints;
  CloudWatchLoggingOptions?: KinesisFirehoseDeliveryStreamCloudWatchLoggingOptions;
  CompressionFormat?: 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY';
  CustomTimeZone?: string;
  DataFormatConversionConfiguration?: KinesisFirehoseDeliveryStreamDataFormatConversionConfiguration;
  DynamicPartitioningConfiguration?: KinesisFirehoseDeliveryStreamDynamicPartitioningConfiguration;
  EncryptionConfiguration?: KinesisFirehoseDeliveryStreamEncryptionConfiguration;
  ErrorOutputPrefix?: string;
  FileExtension?: string;
  Prefix?: string;
  ProcessingConfiguration?: KinesisFirehoseDeliveryStreamProcessingConfiguration;
  RoleARN: string;
  S3BackupConfiguration?: KinesisFirehoseDeliveryStreamS3DestinationConfiguration;
  S3BackupMode?: 'Disabled' | 'Enabled';
}

export interface KinesisFirehoseDeliveryStreamBufferingHints {
  IntervalInSeconds?: number;
  SizeInMBs?: number;
}

export interface KinesisFirehoseDeliveryStreamCloudWatchLoggingOptions {
  Enabled?: boolean;
  LogGroupName?: string;
  LogStreamName?: string;
}

export interface KinesisFirehoseDeliveryStreamDataFormatConversionConfiguration {
  Enabled?: boolean;
  InputFormatConfiguration?: KinesisFirehoseDeliveryStreamInputFormatConfiguration;
  OutputFormatConfiguration?: KinesisFirehoseDeliveryStreamOutputFormatConfiguration;
  SchemaConfiguration?: KinesisFirehoseDeliveryStreamSchemaConfiguration;
}

export interface KinesisFirehoseDeliveryStreamInputFormatConfiguration {
  Deserializer?: KinesisFirehoseDeliveryStreamDeserializer;
}

export interface KinesisFirehoseDeliveryStreamDeserializer {
  HiveJsonSerDe?: KinesisFirehoseDeliveryStreamHiveJsonSerDe;
  OpenXJsonSerDe?: KinesisFirehoseDeliveryStreamOpenXJsonSerDe;
}

export interface KinesisFirehoseDeliveryStreamHiveJsonSerDe {
  TimestampFormats?: string[];
}

export interface KinesisFirehoseDeliveryStreamOpenXJsonSerDe {
  CaseInsensitive?: boolean;
  ColumnToJsonKeyMappings?: Record<string, string>;
  ConvertDotsInJsonKeysToUnderscores?: boolean;
}

export interface KinesisFirehoseDeliveryStreamOutputFormatConfiguration {
  Serializer?: KinesisFirehoseDeliveryStreamSerializer;
}

export interface KinesisFirehoseDeliveryStreamSerializer {
  OrcSerDe?: KinesisFirehoseDeliveryStreamOrcSerDe;
  ParquetSerDe?: KinesisFirehoseDeliveryStreamParquetSerDe;
}

export interface KinesisFirehoseDeliveryStreamOrcSerDe {
  BlockSizeBytes?: number;
  BloomFilterColumns?: string[];
  BloomFilterFalsePositiveProbability?: number;
  Compression?: 'NONE' | 'SNAPPY' | 'ZLIB';
  DictionaryKeyThreshold?: number;
  EnablePadding?: boolean;
  FormatVersion?: 'V0_11' | 'V0_12';
  PaddingTolerance?: number;
  RowIndexStride?: number;
  StripeSizeBytes?: number;
}

export interface KinesisFirehoseDeliveryStreamParquetSerDe {
  BlockSizeBytes?: number;
  Compression?: 'GZIP' | 'SNAPPY' | 'UNCOMPRESSED';
  EnableDictionaryCompression?: boolean;
  MaxPaddingBytes?: number;
  PageSizeBytes?: number;
  WriterVersion?: 'V1' | 'V2';
}

export interface KinesisFirehoseDeliveryStreamSchemaConfiguration {
  CatalogId?: string;
  DatabaseName?: string;
  Region?: string;
  RoleARN?: string;
  TableName?: string;
  VersionId?: string;
}

export interface KinesisFirehoseDeliveryStreamDynamicPartitioningConfiguration {
  Enabled?: boolean;
  RetryOptions?: KinesisFirehoseDeliveryStreamRetryOptions;
}

export interface KinesisFirehoseDeliveryStreamRetryOptions {
  DurationInSeconds?: number;
}

export interface KinesisFirehoseDeliveryStreamEncryptionConfiguration {
  KMSEncryptionConfig?: KinesisFirehoseDeliveryStreamKMSEncryptionConfig;
  NoEncryptionConfig?: 'NoEncryption';
}

export interface KinesisFirehoseDeliveryStreamKMSEncryptionConfig {
  AWSKMSKeyARN: string;
}

export interface KinesisFirehoseDeliveryStreamProcessingConfiguration {
  Enabled?: boolean;
  Processors?: KinesisFirehoseDeliveryStreamProcessor[];
}

export interface KinesisFirehoseDeliveryStreamProcessor {
  Parameters?: KinesisFirehoseDeliveryStreamProcessorParameter[];
  Type: 'RecordDeAggregation' | 'Decompression' | 'CloudWatchLogProcessing' | 'Lambda' | 'MetadataExtraction' | 'AppendDelimiterToRecord';
}

export interface KinesisFirehoseDeliveryStreamProcessorParameter {
  ParameterName: 'BufferIntervalInSeconds' | 'BufferSizeInMBs' | 'CompressionFormat' | 'DataMessageExtraction' | 'Delimiter' | 'JsonParsingEngine' | 'LambdaArn' | 'MetadataExtractionQuery' | 'NumberOfRetries' | 'RoleArn' | 'SubRecordType';
  ParameterValue: string;
}

export interface KinesisFirehoseDeliveryStreamS3DestinationConfiguration {
  BucketARN: string;
  BufferingHints?: KinesisFirehoseDeliveryStreamBufferingHints;
  CloudWatchLoggingOptions?: KinesisFirehoseDeliveryStreamCloudWatchLoggingOptions;
  CompressionFormat?: 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY';
  EncryptionConfiguration?: KinesisFirehoseDeliveryStreamEncryptionConfiguration;
  ErrorOutputPrefix?: string;
  Prefix?: string;
  RoleARN: string;
}

export interface KinesisFirehoseDeliveryStreamDeliveryStreamEncryptionConfigurationInput {
  KeyARN?: string;
  KeyType: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK';
}

export interface KinesisFirehoseDeliveryStreamTag {
  Key: string;
  Value?: string;
}

/** AWS::KinesisFirehose::DeliveryStream */
export interface KinesisFirehoseDeliveryStreamProperties {
  DeliveryStreamName?: string;
  DeliveryStreamType?: 'DatabaseAsSource' | 'DirectPut' | 'KinesisStreamAsSource' | 'MSKAsSource';
  KinesisStreamSourceConfiguration?: KinesisFirehoseDeliveryStreamKinesisStreamSourceConfiguration;
  ExtendedS3DestinationConfiguration?: KinesisFirehoseDeliveryStreamExtendedS3DestinationConfiguration;
  S3DestinationConfiguration?: KinesisFirehoseDeliveryStreamS3DestinationConfiguration;
  DeliveryStreamEncryptionConfigurationInput?: KinesisFirehoseDeliveryStreamDeliveryStreamEncryptionConfigurationInput;
  Tags?: KinesisFirehoseDeliveryStreamTag[];
}

/** AWS::Kinesis::ResourcePolicy */
export interface KinesisResourcePolicyProperties {
  ResourceArn: string;
  ResourcePolicy: Value;
}

export interface KinesisStreamConsumerTag {
  Key: string;
  Value: string;
}

/** AWS::Kinesis::StreamConsumer */
export interface KinesisStreamConsumerProperties {
  ConsumerName: string;
  StreamARN: string;
  Tags?: KinesisStreamConsumerTag[];
}

export interface KinesisStreamStreamModeDetails {
  StreamMode: 'ON_DEMAND' | 'PROVISIONED';
}

export interface KinesisStreamStreamEncryption {
  EncryptionType: 'KMS';
  KeyId: string;
}

export interface KinesisStreamTag {
  Key: string;
  Value: string;
}

/** AWS::Kinesis::Stream */
export interface KinesisStreamProperties {
  Name?: string;
  ShardCount?: number;
  RetentionPeriodHours?: number;
  StreamModeDetails?: KinesisStreamStreamModeDetails;
  StreamEncryption?: KinesisStreamStreamEncryption;
  DesiredShardLevelMetrics?: ('IncomingBytes' | 'IncomingRecords' | 'OutgoingBytes' | 'OutgoingRecords' | 'WriteProvisionedThroughputExceeded' | 'ReadProvisionedThroughputExceeded' | 'IteratorAgeMilliseconds' | 'ALL')[];
  MaxRecordSizeInKiB?: number;
  WarmThroughputMiBps?: number;
  Tags?: KinesisStreamTag[];
}

export interface LambdaAliasProvisionedConcurrencyConfiguration {
  ProvisionedConcurrentExecutions: number;
}

export interface LambdaAliasAliasRoutingConfiguration {
  AdditionalVersionWeights?: LambdaAliasVersionWeight[];
}

export interface LambdaAliasVersionWeight {
  FunctionVersion: string;
  FunctionWeight: number;
}

/** AWS::Lambda::Alias */
export interface LambdaAliasProperties {
  Name: string;
  FunctionName: string;
  FunctionVersion: string;
  Description?: string;
  ProvisionedConcurrencyConfig?: LambdaAliasProvisionedConcurrencyConfiguration;
  RoutingConfig?: LambdaAliasAliasRoutingConfiguration;
}

export interface LambdaEventInvokeConfigDestinationConfig {
  OnFailure?: LambdaEventInvokeConfigOnFailure;
  OnSuccess?: LambdaEventInvokeConfigOnSuccess;
}

export interface LambdaEventInvokeConfigOnFailure {
  Destination: string;
}

export interface LambdaEventInvokeConfigOnSuccess {
  Destination: string;
}

/** AWS::Lambda::EventInvokeConfig */
export interface LambdaEventInvokeConfigProperties {
  FunctionName: string;
  Qualifier: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: LambdaEventInvokeConfigDestinationConfig;
}

export interface LambdaEventSourceMappingFilterCriteria {
  Filters?: LambdaEventSourceMappingFilter[];
}

export interface LambdaEventSourceMappingFilter {
  Pattern?: string;
}

export interface LambdaEventSourceMappingDestinationConfig {
  OnFailure?: LambdaEventSourceMappingOnFailure;
}

export interface LambdaEventSourceMappingOnFailure {
  Destination?: string;
}

export interface LambdaEventSourceMappingMetricsConfig {
  Metrics?: ('EventCount' | 'ErrorCount' | 'KafkaMetrics')[];
}

export interface LambdaEventSourceMappingScalingConfig {
  MaximumConcurrency?: number;
}

export interface LambdaEventSourceMappingTag {
  Key: string;
  Value?: string;
}

/** AWS::Lambda::EventSourceMapping */
export interface LambdaEventSourceMappingProperties {
  FunctionName: string;
  EventSourceArn?: string;
  StartingPosition?: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  StartingPositionTimestamp?: number;
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  ParallelizationFactor?: number;
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  BisectBatchOnFunctionError?: boolean;
  TumblingWindowInSeconds?: number;
  FunctionResponseTypes?: 'ReportBatchItemFailures'[];
  FilterCriteria?: LambdaEventSourceMappingFilterCriteria;
  DestinationConfig?: LambdaEventSourceMappingDestinationConfig;
  KmsKeyArn?: string;
  MetricsConfig?: LambdaEventSourceMappingMetricsConfig;
  ScalingConfig?: LambdaEventSourceMappingScalingConfig;
  Tags?: LambdaEventSourceMappingTag[];
}

export interface LambdaFunctionCode {
  ImageUri?: string;
  S3Bucket?: string;
  S3Key?: string;
  S3ObjectStorageMode?: 'COPY' | 'REFERENCE';
  S3ObjectVersion?: string;
  SourceKMSKeyArn?: string;
  ZipFile?: string;
}

export interface LambdaFunctionEnvironment {
  Variables?: Record<string, string>;
}

export interface LambdaFunctionDeadLetterConfig {
  TargetArn?: string;
}

export interface LambdaFunctionEphemeralStorage {
  Size: number;
}

export interface LambdaFunctionLoggingConfig {
  ApplicationLogLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  LogFormat?: 'Text' | 'JSON';
  LogGroup?: string;
  SystemLogLevel?: 'DEBUG' | 'INFO' | 'WARN';
}

export interface LambdaFunctionTracingConfig {
  Mode?: 'Active' | 'PassThrough';
}

export interface LambdaFunctionTag {
  Key: string;
  Value?: string;
}

/** AWS::Lambda::Function */
export interface LambdaFunctionProperties {
  FunctionName?: string;
  PackageType?: 'Image' | 'Zip';
  Code: LambdaFunctionCode;
  Role: string;
  Runtime?: string;
  Handler?: string;
  Description?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: LambdaFunctionEnvironment;
  Architectures?: ('x86_64' | 'arm64')[];
  Layers?: string[];
  ReservedConcurrentExecutions?: number;
  DeadLetterConfig?: LambdaFunctionDeadLetterConfig;
  EphemeralStorage?: LambdaFunctionEphemeralStorage;
  KmsKeyArn?: string;
  LoggingConfig?: LambdaFunctionLoggingConfig;
  TracingConfig?: LambdaFunctionTracingConfig;
  Tags?: LambdaFunctionTag[];
}

export interface LambdaLayerVersionContent {
  S3Bucket: string;
  S3Key: string;
  S3ObjectStorageMode?: 'COPY' | 'REFERENCE';
  S3ObjectVersion?: string;
}

/** AWS::Lambda::LayerVersion */
export interface LambdaLayerVersionProperties {
  LayerName?: string;
  Content: LambdaLayerVersionContent;
  CompatibleArchitectures?: ('arm64' | 'x86_64')[];
  CompatibleRuntimes?: string[];
  Description?: string;
  LicenseInfo?: string;
}

/** AWS::Lambda::Permission */
export interface LambdaPermissionProperties {
  FunctionName: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
  EventSourceToken?: string;
  FunctionUrlAuthType?: 'AWS_IAM' | 'NONE';
  InvokedViaFunctionUrl?: boolean;
  PrincipalOrgID?: string;
}

export interface LambdaUrlCors {
  AllowCredentials?: boolean;
  AllowHeaders?: string[];
  AllowMethods?: ('GET' | 'PUT' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | '*')[];
  AllowOrigins?: string[];
  ExposeHeaders?: string[];
  MaxAge?: number;
}

/** AWS::Lambda::Url */
export interface LambdaUrlProperties {
  TargetFunctionArn: string;
  Qualifier?: string;
  AuthType: 'AWS_IAM' | 'NONE';
  InvokeMode?: 'BUFFERED' | 'RESPONSE_STREAM';
  Cors?: LambdaUrlCors;
}

export interface LambdaVersionProvisionedConcurrencyConfiguration {
  ProvisionedConcurrentExecutions: number;
}

/** AWS::Lambda::Version */
export interface LambdaVersionProperties {
  FunctionName: string;
  CodeSha256?: string;
  Description?: string;
  ProvisionedConcurrencyConfig?: LambdaVersionProvisionedConcurrencyConfiguration;
}

export interface LogsLogGroupTag {
  Key: string;
  Value: string;
}

/** AWS::Logs::LogGroup */
export interface LogsLogGroupProperties {
  LogGroupName?: string;
  RetentionInDays?: number;
  KmsKeyId?: string;
  LogGroupClass?: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
  DeletionProtectionEnabled?: boolean;
  Tags?: LogsLogGroupTag[];
}

/** AWS::Logs::LogStream */
export interface LogsLogStreamProperties {
  LogGroupName: string;
  LogStreamName?: string;
}

export interface LogsMetricFilterMetricTransformation {
  DefaultValue?: number;
  Dimensions?: LogsMetricFilterDimension[];
  MetricName: string;
  MetricNamespace: string;
  MetricValue: string;
  Unit?: 'Seconds' | 'Microseconds' | 'Milliseconds' | 'Bytes' | 'Kilobytes' | 'Megabytes' | 'Gigabytes' | 'Terabytes' | 'Bits' | 'Kilobits' | 'Megabits' | 'Gigabits' | 'Terabits' | 'Percent' | 'Count' | 'Bytes/Second' | 'Kilobytes/Second' | 'Megabytes/Second' | 'Gigabytes/Second' | 'Terabytes/Second' | 'Bits/Second' | 'Kilobits/Second' | 'Megabits/Second' | 'Gigabits/Second' | 'Terabits/Second' | 'Count/Second' | 'None';
}

export interface LogsMetricFilterDimension {
  Key: string;
  Value: string;
}

/** AWS::Logs::MetricFilter */
export interface LogsMetricFilterProperties {
  LogGroupName: string;
  FilterName?: string;
  FilterPattern: string;
  MetricTransformations: LogsMetricFilterMetricTransformation[];
  ApplyOnTransformedLogs?: boolean;
  EmitSystemFieldDimensions?: string[];
  FieldSelectionCriteria?: string;
}

/** AWS::Logs::SubscriptionFilter */
export interface LogsSubscriptionFilterProperties {
  LogGroupName: string;
  FilterName?: string;
  FilterPattern: string;
  DestinationArn: string;
  RoleArn?: string;
  Distribution?: 'Random' | 'ByLogStream';
  ApplyOnTransformedLogs?: boolean;
  EmitSystemFields?: string[];
  FieldSelectionCriteria?: string;
}

/** AWS::S3::BucketPolicy */
export interface S3BucketPolicyProperties {
  Bucket: string;
  PolicyDocument: Value;
}

export interface S3BucketVersioningConfiguration {
  Status: 'Enabled' | 'Suspended';
}

export interface S3BucketBucketEncryption {
  ServerSideEncryptionConfiguration: S3BucketServerSideEncryptionRule[];
}

export interface S3BucketServerSideEncryptionRule {
  BlockedEncryptionTypes?: S3BucketBlockedEncryptionTypes;
  BucketKeyEnabled?: boolean;
  ServerSideEncryptionByDefault?: S3BucketServerSideEncryptionByDefault;
}

export interface S3BucketBlockedEncryptionTypes {
  EncryptionType?: ('NONE' | 'SSE-C')[];
}

export interface S3BucketServerSideEncryptionByDefault {
  KMSMasterKeyID?: string;
  SSEAlgorithm: 'aws:kms' | 'AES256' | 'aws:kms:dsse';
}

export interface S3BucketCorsConfiguration {
  CorsRules: S3BucketCorsRule[];
}

export interface S3BucketCorsRule {
  AllowedHeaders?: string[];
  AllowedMethods: ('GET' | 'PUT' | 'HEAD' | 'POST' | 'DELETE')[];
  AllowedOrigins: string[];
  ExposedHeaders?: string[];
  Id?: string;
  MaxAge?: number;
}

export interface S3BucketOwnershipControls {
  Rules: S3BucketOwnershipControlsRule[];
}

export interface S3BucketOwnershipControlsRule {
  ObjectOwnership?: 'ObjectWriter' | 'BucketOwnerPreferred' | 'BucketOwnerEnforced';
}

export interface S3BucketPublicAccessBlockConfiguration {
  BlockPublicAcls?: boolean;
  BlockPublicPolicy?: boolean;
  IgnorePublicAcls?: boolean;
  RestrictPublicBuckets?: boolean;
}

export interface S3BucketTag {
  Key: string;
  Value: string;
}

/** AWS::S3::Bucket */
export interface S3BucketProperties {
  BucketName?: string;
  VersioningConfiguration?: S3BucketVersioningConfiguration;
  BucketEncryption?: S3BucketBucketEncryption;
  CorsConfiguration?: S3BucketCorsConfiguration;
  OwnershipControls?: S3BucketOwnershipControls;
  PublicAccessBlockConfiguration?: S3BucketPublicAccessBlockConfiguration;
  Tags?: S3BucketTag[];
}

/** AWS::SSM::Parameter */
export interface SSMParameterProperties {
  Name?: string;
  Type: 'String' | 'StringList';
  Value: string;
  AllowedPattern?: string;
  DataType?: 'text' | 'aws:ec2:image';
  Description?: string;
  Policies?: string;
  Tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
  Tags?: Record<string, string>;
}
