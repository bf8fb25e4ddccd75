// What a streaming handler of a Node function writes its answer into. Loaded only for one, because streams take time to load.
import { Writable } from 'node:stream';

export class ResponseStream extends Writable {
  #chunks = [];
  contentType = 'application/octet-stream';
  setContentType(type) {
    this.contentType = type;
  }
  /** Objects go out as JSON, as from AWS's stream. */
  write(chunk, ...rest) {
    const isPlain = typeof chunk === 'object' && chunk !== null && !ArrayBuffer.isView(chunk);
    return super.write(isPlain ? JSON.stringify(chunk) : chunk, ...rest);
  }
  _write(chunk, _encoding, done) {
    this.#chunks.push(chunk);
    done();
  }
  get body() {
    return Buffer.concat(this.#chunks);
  }
}
