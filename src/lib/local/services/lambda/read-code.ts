import type { FunctionCode, LayerVersionContentInput } from '@aws-sdk/client-lambda';
import type { StoredCode } from '../../functions/code-store.js';
import { ZipError } from '../../functions/unpack-zip.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/handlers.js';
import { invalidParameter, omitted } from './lambda-error.js';
import type { LambdaStore } from './lambda-store.js';

/** An upload inside a request. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const DIRECT_ZIP_BYTES = 52_428_800;

type Upload = Pick<Checked<FunctionCode>, 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'> &
  Checked<LayerVersionContentInput>;

/**
 * Takes an uploaded package, from the request or from S3, and keeps it.
 * @throws AwsError InvalidParameterValueException for what is no package
 */
export async function readCode(
  store: LambdaStore,
  upload: Partial<Upload>,
  region: string,
  operation: string,
): Promise<StoredCode> {
  if (upload.ImageUri !== undefined) throw omitted('functions from container images (ImageUri)');
  const zip = await readZip(store, upload, region, operation);
  if (zip.byteLength === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  try {
    return await store.code.store(zip);
  } catch (error) {
    if (error instanceof ZipError) throw invalidParameter(error.message);
    throw error;
  }
}

async function readZip(
  store: LambdaStore,
  { ZipFile, S3Bucket, S3Key, S3ObjectVersion }: Partial<Upload>,
  region: string,
  operation: string,
): Promise<Uint8Array> {
  if (ZipFile !== undefined) {
    if (S3Bucket !== undefined || S3Key !== undefined) {
      throw invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
    }
    if (ZipFile.byteLength > DIRECT_ZIP_BYTES) {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than 70167211 bytes for the ${operation} operation`,
        { status: 413 },
      );
    }
    return ZipFile;
  }
  if (S3Bucket === undefined || S3Key === undefined)
    throw invalidParameter('Please provide a source for function code.');
  try {
    const { Body } = await store.environment.calls(region).s3.GetObject({
      Bucket: S3Bucket,
      Key: S3Key,
      ...(S3ObjectVersion === undefined ? {} : { VersionId: S3ObjectVersion }),
    });
    if (Body === undefined) return new Uint8Array();
    if (Body instanceof Uint8Array) return Body;
    const parts: Buffer[] = [];
    for await (const part of Body) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}
