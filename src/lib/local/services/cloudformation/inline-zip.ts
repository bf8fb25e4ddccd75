import { buffer } from 'node:stream/consumers';

/** The same source gives the same bytes, so that a second deploy finds the same code. */
const FIXED_TIME = new Date(2000, 0, 1);

/** A zip with one file in it. */
export async function inlineZip(name: string, source: string): Promise<Uint8Array> {
  const { ZipFile } = await import('yazl'); // loaded when the first function comes inline, to keep the start short
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(source), name, { mtime: FIXED_TIME, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}
