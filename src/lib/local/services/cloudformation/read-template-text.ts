import { Readable } from 'node:stream';
import { AwsError } from '../../wire/aws-error.js';
import type { Calls } from '../../wire/handlers.js';
import { invalid } from './validation-error.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_BODY_BYTES = 51_200;
const MAX_OBJECT_BYTES = 1_048_576;

/**
 * The template a request brings with it, or points to in S3.
 * @throws AwsError ValidationError when there is none, or it is larger than CloudFormation takes
 */
export async function readTemplateText(
  request: { TemplateBody?: string | undefined; TemplateURL?: string | undefined },
  calls: Calls,
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url } = request;
  if (body !== undefined && url !== undefined) throw invalid('You cannot specify both TemplateURL and TemplateBody');
  if (body !== undefined) {
    if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
      throw invalid(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY_BYTES}`,
      );
    }
    return body;
  }
  if (url === undefined) throw invalid('Either Template URL or Template Body must be specified.');
  return readObject(url, calls);
}

async function readObject(url: string, calls: Calls): Promise<string> {
  const { bucket, key } = locate(url);
  return readObjectText(bucket, key, calls);
}

/** A template, or a part of one, that is an object of S3. @throws AwsError ValidationError */
export async function readObjectText(bucket: string, key: string, calls: Calls): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { Body } = await calls.s3.GetObject({ Bucket: bucket, Key: key });
    bytes = Body instanceof Readable ? await collect(Body) : (Body ?? new Uint8Array());
  } catch (error) {
    if (error instanceof AwsError) throw invalid(`S3 error: ${error.message}`);
    throw error;
  }
  if (bytes.byteLength > MAX_OBJECT_BYTES) throw invalid(`Template may not exceed ${MAX_OBJECT_BYTES} bytes in size.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('Template format error: the template is not UTF-8.');
  }
}

/** The bucket is in the host (`BUCKET.s3.REGION.amazonaws.com`) or first in the path, as AWS has it and as local endpoints have it. */
function locate(url: string): { bucket: string; key: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid('TemplateURL must be a supported URL.');
  }
  const path = decode(parsed.pathname.slice(1));
  const inHost = /^(.+)\.s3[.-]/.exec(parsed.hostname)?.[1];
  if (inHost !== undefined) return { bucket: inHost, key: path };
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1)
    throw invalid('TemplateURL must reference a valid S3 object to which you have access.');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid('TemplateURL must be a supported URL.');
  }
}

async function collect(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
