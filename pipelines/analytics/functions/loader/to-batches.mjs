/** Tinybird takes up to 10 MB in one request; a smaller one fails and is tried again faster. */
const MAX_BYTES = 1_000_000;

/** Cuts lines into batches of at most a megabyte; a longer line goes alone. */
export function* toBatches(lines) {
  let batch = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (batch.length > 0 && bytes + size > MAX_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
