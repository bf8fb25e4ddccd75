import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';

/** Where pipectl keeps what stacks are made from: function code and templates too large to send. One bucket an account and region. */
export class ArtifactBucket {
  readonly #clients: Clients;
  readonly #signal: AbortSignal | undefined;
  #name: Promise<string> | undefined;

  constructor(clients: Clients, signal?: AbortSignal) {
    this.#clients = clients;
    this.#signal = signal;
  }

  /** The bucket's name; it is made on first use. */
  name(): Promise<string> {
    this.#name ??= this.#ensure();
    return this.#name;
  }

  /** Uploads unless the object is there: its key says its content. */
  async put(key: string, bytes: Uint8Array): Promise<{ bucket: string; reused: boolean }> {
    const bucket = await this.name();
    if (await this.#has(bucket, key)) return { bucket, reused: true };
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await this.#clients.s3();
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }), { abortSignal: this.#signal });
    return { bucket, reused: false };
  }

  /** An object's URL as CloudFormation takes it for a template. */
  async url(key: string): Promise<string> {
    const { endpointUrl, region } = this.#clients.target;
    const bucket = await this.name();
    if (endpointUrl !== undefined) return `${endpointUrl.replace(/\/$/, '')}/${bucket}/${key}`;
    return `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
  }

  async #ensure(): Promise<string> {
    const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    const { CreateBucketCommand, HeadBucketCommand } = await import('@aws-sdk/client-s3');
    const [sts, s3] = await Promise.all([this.#clients.sts(), this.#clients.s3()]);
    const options = { abortSignal: this.#signal };
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}), options);
    const { region } = this.#clients.target;
    const Bucket = `pipectl-artifacts-${account}-${region}`;
    try {
      await s3.send(new HeadBucketCommand({ Bucket }), options);
      return Bucket;
    } catch (error) {
      const status = httpStatus(error);
      if (status === 403) {
        throw new OperationError(`The bucket ${Bucket} is not yours to use (403).`, {
          hint: 'These credentials need s3:ListBucket, s3:GetObject and s3:PutObject on it.',
          cause: error,
        });
      }
      if (status !== 404) throw error;
    }
    const location = region === 'us-east-1' ? undefined : { LocationConstraint: region as BucketLocationConstraint };
    try {
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: location }), options);
    } catch (error) {
      // Another run may have made it in the meantime.
      if (!(error instanceof Error) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
    }
    return Bucket;
  }

  async #has(Bucket: string, Key: string): Promise<boolean> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await this.#clients.s3();
    try {
      await s3.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: this.#signal });
      return true;
    } catch (error) {
      if (httpStatus(error) === 404) return false;
      throw error;
    }
  }
}

const httpStatus = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
