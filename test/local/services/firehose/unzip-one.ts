import { fromBuffer } from 'yauzl';

/** The text of the one file in a zip. */
export const unzipOne = (zip: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error) return reject(error);
      expectOne(file.entryCount);
      file.on('entry', (entry) =>
        file.openReadStream(entry, async (failed, stream) => {
          if (failed) return reject(failed);
          const parts: Buffer[] = [];
          for await (const part of stream) parts.push(part as Buffer);
          resolve(Buffer.concat(parts).toString());
        }),
      );
      file.readEntry();
    });
  });

function expectOne(count: number): void {
  if (count !== 1) throw new Error(`the zip has ${count} files`);
}
