import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { UsageError } from '../shared/errors.js';
import type { ArtifactBucket } from './artifact-bucket.js';
import type { DeployEvent } from './deploy-request.js';
import { findLocalCode, type LocalCode } from './find-local-code.js';
import { readTemplateFile, replaceValues, type TemplateFile } from './template-file.js';
import { zipCode } from './zip-code.js';

/** What CloudFormation takes in a request; a longer template must be in a bucket. */
const MAX_BODY_BYTES = 51_200;

/** A template ready to send: as text, or as the URL of an object. */
export type PackagedTemplate = { TemplateBody: string } | { TemplateURL: string };

/**
 * Zips and uploads the local code and the nested templates that a template names, and writes where they went in their place. A template
 * that names none stays as it is, to the byte; one too long for a request is uploaded too.
 * @throws UsageError for a path that leads nowhere, and for templates that name each other in a circle
 */
export async function packageTemplate(
  template: TemplateFile,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<PackagedTemplate> {
  return sendableTemplate(await withUploads(template, bucket, onEvent, []), template.path, bucket, onEvent);
}

/** A template that names nothing local, ready to send. @param path where it came from, for events */
export async function sendableTemplate(
  text: string,
  path: string,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<PackagedTemplate> {
  if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return { TemplateBody: text };
  return { TemplateURL: await uploadTemplate(text, path, bucket, onEvent) };
}

async function uploadTemplate(
  text: string,
  path: string,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<string> {
  const bytes = Buffer.from(text);
  const key = `${createHash('sha256').update(bytes).digest('hex')}.template`;
  const { bucket: name, reused } = await bucket.put(key, bytes);
  onEvent({ kind: 'packaged', path, bucket: name, key, bytes: bytes.byteLength, reused });
  return bucket.url(key);
}

/** @param above the templates that lead here, outermost first */
async function withUploads(
  template: TemplateFile,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
  above: readonly string[],
): Promise<string> {
  const own = resolve(template.folder, basename(template.path));
  if (above.includes(own)) {
    throw new UsageError(
      `${template.path} is nested in itself: ${[...above, own].map((path) => basename(path)).join(' -> ')}.`,
    );
  }
  const found = findLocalCode(template);
  if (found.length === 0) return template.text;
  const values: { at: LocalCode['at']; value: unknown }[] = [];
  // Two functions may share a folder, two stacks a template: it is uploaded once.
  const uploads = new Map<string, Promise<unknown>>();
  for (const { logicalId, at, path, as } of found) {
    const absolute = resolve(template.folder, path);
    const upload = async (): Promise<unknown> => {
      if (as === 'template') {
        const nested = await readTemplateFile(path, template.folder);
        return uploadTemplate(await withUploads(nested, bucket, onEvent, [...above, own]), path, bucket, onEvent);
      }
      if (as === 'snippet') return uploadSnippet(absolute, path, bucket, onEvent);
      const { bucket: name, key } = await uploadCode(absolute, path, logicalId, bucket, onEvent);
      return as === 'location' ? { S3Bucket: name, S3Key: key } : `s3://${name}/${key}`;
    };
    let uploaded = uploads.get(`${as} ${absolute}`);
    if (!uploaded) uploads.set(`${as} ${absolute}`, (uploaded = upload()));
    values.push({ at, value: await uploaded });
  }
  return replaceValues(template, values);
}

/** A part of a template that AWS::Include reads. @returns where it is, as that takes it */
async function uploadSnippet(
  absolute: string,
  path: string,
  bucket: ArtifactBucket,
  onEvent: (event: DeployEvent) => void,
): Promise<string> {
  const bytes = await readFile(absolute).catch((error: unknown) => {
    throw new UsageError(
      `Cannot read ${path}, which the template includes: ${(error as NodeJS.ErrnoException).code}.`,
      {
        cause: error,
      },
    );
  });
  const key = `${createHash('sha256').update(bytes).digest('hex')}.snippet`;
  const { bucket: name, reused } = await bucket.put(key, bytes);
  onEvent({ kind: 'packaged', path, bucket: name, key, bytes: bytes.byteLength, reused });
  return `s3://${name}/${key}`;
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
