/** A growing buffer that appends CBOR items. */
export class CborBuffer {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  nothing(): void {
    this.#byte(0xf6);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xf5 : 0xf4);
  }

  /** A whole number as an integer where CBOR's 64 bits and a double's 53 hold it, else as a double. */
  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value < 0) this.#head(1, -1 - value);
      else this.#head(0, value);
      return;
    }
    this.#reserve(9);
    this.#buffer[this.#length] = 0xfb;
    this.#buffer.writeDoubleBE(value, this.#length + 1);
    this.#length += 9;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.#head(3, size);
    this.#reserve(size);
    this.#length += this.#buffer.write(value, this.#length);
  }

  binary(value: Uint8Array): void {
    this.#head(2, value.byteLength);
    this.#reserve(value.byteLength);
    this.#buffer.set(value, this.#length);
    this.#length += value.byteLength;
  }

  /** Tag 1 and a number. */
  timestamp(value: number): void {
    this.#head(6, 1);
    this.number(value);
  }

  array(length: number): void {
    this.#head(4, length);
  }

  map(length: number): void {
    this.#head(5, length);
  }

  #head(major: number, value: number): void {
    this.#reserve(9);
    const at = this.#length;
    const type = major << 5;
    if (value < 24) {
      this.#buffer[at] = type | value;
      this.#length += 1;
    } else if (value < 0x100) {
      this.#buffer[at] = type | 24;
      this.#buffer[at + 1] = value;
      this.#length += 2;
    } else if (value < 0x10000) {
      this.#buffer[at] = type | 25;
      this.#buffer.writeUInt16BE(value, at + 1);
      this.#length += 3;
    } else if (value < 0x100000000) {
      this.#buffer[at] = type | 26;
      this.#buffer.writeUInt32BE(value, at + 1);
      this.#length += 5;
    } else {
      this.#buffer[at] = type | 27;
      this.#buffer.writeBigUInt64BE(BigInt(value), at + 1);
      this.#length += 9;
    }
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
