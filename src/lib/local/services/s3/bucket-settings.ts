// Configurations of a bucket that are kept and given back, and change nothing here: templates and tools set and read them.
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import type { S3State } from './s3-state.js';

/** The Get operation's member, and what AWS says when nothing was put. */
const MISSING = {
  Policy: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  PublicAccessBlockConfiguration: [
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  ],
  OwnershipControls: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  CORSRules: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  Rules: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
} as const;

type SettingHandlers = Pick<
  Handlers<'s3'>,
  | 'PutBucketPolicy'
  | 'GetBucketPolicy'
  | 'DeleteBucketPolicy'
  | 'PutPublicAccessBlock'
  | 'GetPublicAccessBlock'
  | 'DeletePublicAccessBlock'
  | 'PutBucketOwnershipControls'
  | 'GetBucketOwnershipControls'
  | 'DeleteBucketOwnershipControls'
  | 'PutBucketCors'
  | 'GetBucketCors'
  | 'DeleteBucketCors'
  | 'PutBucketLifecycleConfiguration'
  | 'GetBucketLifecycleConfiguration'
  | 'DeleteBucketLifecycle'
  | 'PutBucketEncryption'
  | 'GetBucketEncryption'
  | 'DeleteBucketEncryption'
  | 'PutBucketVersioning'
  | 'GetBucketVersioning'
>;

const CORS_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

/** @throws AwsError InvalidRequest */
function checkCorsMethods(rules: readonly { AllowedMethods?: readonly string[] | undefined }[] | undefined): void {
  const stranger = rules
    ?.flatMap(({ AllowedMethods = [] }) => AllowedMethods)
    .find((method) => !CORS_METHODS.has(method));
  if (stranger === undefined) return;
  throw new AwsError(
    'InvalidRequest',
    `Found unsupported HTTP method in CORS config. Unsupported method is ${stranger}`,
    { status: 400 },
  );
}

export function bucketSettings(state: S3State): SettingHandlers {
  const put = (bucket: string, name: string, value: unknown): Record<string, never> => {
    state.bucket(bucket).settings.set(name, value);
    return {};
  };
  const remove = (bucket: string, name: string): Record<string, never> => {
    state.bucket(bucket).settings.delete(name);
    return {};
  };
  const get = <Value>(bucket: string, name: keyof typeof MISSING): Value => {
    const value = state.bucket(bucket).settings.get(name);
    if (value === undefined) {
      const [code, message] = MISSING[name];
      throw new AwsError(code, message, { status: 404, members: { BucketName: bucket } });
    }
    return value as Value;
  };
  return {
    PutBucketPolicy(input) {
      try {
        JSON.parse(input.Policy);
      } catch {
        throw new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'", {
          status: 400,
        });
      }
      return put(input.Bucket, 'Policy', input.Policy);
    },
    GetBucketPolicy: (input) => ({ Policy: get(input.Bucket, 'Policy') }),
    DeleteBucketPolicy: (input) => remove(input.Bucket, 'Policy'),

    PutPublicAccessBlock: (input) =>
      put(input.Bucket, 'PublicAccessBlockConfiguration', input.PublicAccessBlockConfiguration),
    GetPublicAccessBlock: (input) => ({
      PublicAccessBlockConfiguration: get(input.Bucket, 'PublicAccessBlockConfiguration'),
    }),
    DeletePublicAccessBlock: (input) => remove(input.Bucket, 'PublicAccessBlockConfiguration'),

    PutBucketOwnershipControls: (input) => put(input.Bucket, 'OwnershipControls', input.OwnershipControls),
    GetBucketOwnershipControls: (input) => ({ OwnershipControls: get(input.Bucket, 'OwnershipControls') }),
    DeleteBucketOwnershipControls: (input) => remove(input.Bucket, 'OwnershipControls'),

    PutBucketCors(input) {
      checkCorsMethods(input.CORSConfiguration.CORSRules);
      return put(input.Bucket, 'CORSRules', input.CORSConfiguration.CORSRules);
    },
    GetBucketCors: (input) => ({ CORSRules: get(input.Bucket, 'CORSRules') }),
    DeleteBucketCors: (input) => remove(input.Bucket, 'CORSRules'),

    PutBucketLifecycleConfiguration: (input) => put(input.Bucket, 'Rules', input.LifecycleConfiguration?.Rules),
    GetBucketLifecycleConfiguration: (input) => ({ Rules: get(input.Bucket, 'Rules') }),
    DeleteBucketLifecycle: (input) => remove(input.Bucket, 'Rules'),

    PutBucketEncryption: (input) =>
      put(input.Bucket, 'ServerSideEncryptionConfiguration', input.ServerSideEncryptionConfiguration),
    // Every bucket has been encrypted with AES256 since January 2023, so there is always an answer.
    GetBucketEncryption: (input) => ({
      ServerSideEncryptionConfiguration: (state
        .bucket(input.Bucket)
        .settings.get('ServerSideEncryptionConfiguration') as undefined) ?? {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false }],
      },
    }),
    DeleteBucketEncryption: (input) => remove(input.Bucket, 'ServerSideEncryptionConfiguration'),

    PutBucketVersioning: (input) => put(input.Bucket, 'Status', input.VersioningConfiguration.Status),
    GetBucketVersioning(input) {
      const status = state.bucket(input.Bucket).settings.get('Status');
      return status === undefined ? {} : { Status: status as 'Enabled' };
    },
  };
}
