import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { compress as snappyBlock } from 'snappyjs';
import { maskedCrc32c } from '../../../decode/snappy-frames.js';

export const COMPRESSIONS = ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What Firehose appends to a key. https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html */
export const EXTENSIONS: Readonly<Record<Compression, string>> = {
  UNCOMPRESSED: '',
  GZIP: '.gz',
  ZIP: '.zip',
  Snappy: '.snappy',
  HADOOP_SNAPPY: '.hsnappy',
};

const gzipped = promisify(gzip);

/** Compresses an object as a whole. @param name of the file inside a zip */
export async function compressObject(body: Buffer, compression: Compression, name: string): Promise<Buffer> {
  switch (compression) {
    case 'UNCOMPRESSED':
      return body;
    case 'GZIP':
      return gzipped(body);
    case 'ZIP':
      return zipped(body, name);
    case 'Snappy':
      return framed(body);
    case 'HADOOP_SNAPPY':
      return Buffer.concat(chunksOf(body, HADOOP_CHUNK_BYTES).map(hadoopBlock));
  }
}

async function zipped(body: Buffer, name: string): Promise<Buffer> {
  const { ZipFile } = await import('yazl'); // few streams need it
  const file = new ZipFile();
  file.addBuffer(body, name);
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Of the framing format, and of Hadoop's codec. */
const FRAME_CHUNK_BYTES = 65_536;
const HADOOP_CHUNK_BYTES = 256 * 1024;
const FRAMING_HEADER = Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1');

function chunksOf(body: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) chunks.push(body.subarray(at, at + size));
  return chunks;
}

/** https://github.com/google/snappy/blob/main/framing_format.txt */
function framed(body: Buffer): Buffer {
  const frames = chunksOf(body, FRAME_CHUNK_BYTES).map((chunk) => {
    const packed = Buffer.from(snappyBlock(chunk));
    const head = Buffer.alloc(8);
    head.writeUIntLE(packed.length + 4, 1, 3);
    head.writeUInt32LE(maskedCrc32c(chunk), 4);
    return Buffer.concat([head, packed]);
  });
  return Buffer.concat([FRAMING_HEADER, ...frames]);
}

/** A block of Hadoop's SnappyCodec: its length unpacked, its length packed, the block. */
function hadoopBlock(chunk: Buffer): Buffer {
  const packed = Buffer.from(snappyBlock(chunk));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(chunk.length, 0);
  head.writeUInt32BE(packed.length, 4);
  return Buffer.concat([head, packed]);
}
