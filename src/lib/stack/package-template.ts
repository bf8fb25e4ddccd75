import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ArtifactBucket } from './artifact-bucket.js';
import type { DeployEvent } from './deploy-request.js';
import { findLocalCode } from './find-local-code.js';
import type { TemplateFile } from './template-file.js';
import { zipCode } from './zip-code.js';

/** What CloudFormation takes in a request; a longer template must be in a bucket. */
const MAX_BODY_BYTES = 51_200;

/** A template ready to send: as text, or as the URL of an object. */
export type PackagedTemplate = { TemplateBody: string } | { TemplateURL: string };

/**
 * Zips and uploads the local code a template names, and writes where it went in its place. A template without local code stays as it
 * is, to the byte; one too long for a request is uploaded too.
 */
export async function packageTemplate(
  template: TemplateFile,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<PackagedTemplate> {
  const text = await withUploadedCode(template, bucket, onEvent);
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= MAX_BODY_BYTES) return { TemplateBody: text };
  const key = `${createHash('sha256').update(bytes).digest('hex')}.template`;
  const { bucket: name, reused } = await bucket.put(key, bytes);
  onEvent({ kind: 'packaged', path: template.path, bucket: name, key, bytes: bytes.byteLength, reused });
  return { TemplateURL: await bucket.url(key) };
}

async function withUploadedCode(
  template: TemplateFile,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<string> {
  const found = findLocalCode(template);
  if (found.length === 0) return template.text;
  const document = template.document.clone();
  // Two functions may share a folder: it is zipped once.
  const uploads = new Map<string, Promise<{ bucket: string; key: string }>>();
  for (const { logicalId, at, path, as } of found) {
    const absolute = resolve(template.folder, path);
    let upload = uploads.get(absolute);
    if (!upload) uploads.set(absolute, (upload = uploadCode(absolute, path, logicalId, bucket, onEvent)));
    const { bucket: name, key } = await upload;
    document.setIn(at, as === 'location' ? { S3Bucket: name, S3Key: key } : `s3://${name}/${key}`);
  }
  return template.isJson ? JSON.stringify(document.toJS(), null, 2) : document.toString({ lineWidth: 0 });
}

async function uploadCode(
  absolute: string,
  path: string,
  logicalId: string,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<{ bucket: string; key: string }> {
  const { bytes, hash } = await zipCode(absolute, logicalId);
  const key = `${hash}.zip`;
  const { bucket: name, reused } = await bucket.put(key, bytes);
  onEvent({ kind: 'packaged', path, bucket: name, key, bytes: bytes.byteLength, reused });
  return { bucket: name, key };
}
