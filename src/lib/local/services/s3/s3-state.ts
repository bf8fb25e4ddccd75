import type { Clock } from '../../../shared/clock.js';
import type { Algorithm } from './checksums.js';
import type { ObjectFiles } from './object-files.js';
import { s3Error } from './s3-error.js';

/** The headers that S3 keeps with an object and gives back with it. */
export interface ObjectHeaders {
  ContentType?: string | undefined;
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  WebsiteRedirectLocation?: string | undefined;
}

export interface StoredObject {
  key: string;
  file: string;
  sizeBytes: number;
  /** Without the quotes that it travels in. */
  etag: string;
  lastModified: Date;
  headers: ObjectHeaders;
  metadata: Record<string, string>;
  tags: Map<string, string>;
  storageClass: string;
  checksums: Partial<Record<Algorithm | 'CRC64NVME', string>>;
  checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  /** Sizes of the parts of a multipart upload, in order; undefined for an object that was put in one piece. */
  partSizes: number[] | undefined;
}

export interface UploadedPart {
  number: number;
  file: string;
  sizeBytes: number;
  etag: string;
  lastModified: Date;
  checksums: Partial<Record<Algorithm | 'CRC64NVME', string>>;
}

export interface Upload {
  id: string;
  key: string;
  initiated: Date;
  headers: ObjectHeaders;
  metadata: Record<string, string>;
  tags: Map<string, string>;
  storageClass: string;
  checksumAlgorithm: string | undefined;
  parts: Map<number, UploadedPart>;
}

export interface Bucket {
  name: string;
  region: string;
  creationDate: Date;
  objects: Map<string, StoredObject>;
  uploads: Map<string, Upload>;
  tags: Map<string, string> | undefined;
  /** Configurations that are kept and given back, by the name of their member in the Get operation's answer. */
  settings: Map<string, unknown>;
}

/** S3's buckets share one name space over all regions. */
export class S3State {
  readonly clock: Clock;
  readonly files: ObjectFiles;
  readonly buckets = new Map<string, Bucket>();
  /** Keys in order, made when a list is asked for and thrown away when keys come or go. */
  readonly #keys = new WeakMap<Bucket, string[]>();

  constructor(clock: Clock, files: ObjectFiles) {
    this.clock = clock;
    this.files = files;
  }

  /** @throws AwsError NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw s3Error('NoSuchBucket', { BucketName: name });
    return bucket;
  }

  /** @throws AwsError NoSuchBucket or NoSuchKey */
  object(bucketName: string, key: string): StoredObject {
    const object = this.bucket(bucketName).objects.get(key);
    if (!object) throw s3Error('NoSuchKey', { Key: key });
    return object;
  }

  /** Puts an object in the place of its key; answers the one that was there, whose file is no longer needed. */
  store(bucket: Bucket, object: StoredObject): StoredObject | undefined {
    const before = bucket.objects.get(object.key);
    if (!before) this.#keys.delete(bucket);
    bucket.objects.set(object.key, object);
    return before;
  }

  /** Takes an object away; answers it. */
  remove(bucket: Bucket, key: string): StoredObject | undefined {
    const object = bucket.objects.get(key);
    if (object) {
      bucket.objects.delete(key);
      this.#keys.delete(bucket);
    }
    return object;
  }

  /** A bucket's keys in the order of their UTF-8 bytes. */
  orderedKeys(bucket: Bucket): readonly string[] {
    let keys = this.#keys.get(bucket);
    if (!keys) this.#keys.set(bucket, (keys = [...bucket.objects.keys()].sort(compareUtf8)));
    return keys;
  }
}

/** Orders as UTF-8 does. JavaScript's own order differs where a character beyond U+FFFF meets one from U+E000 on. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters beyond U+FFFF, and so come after every other code unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
