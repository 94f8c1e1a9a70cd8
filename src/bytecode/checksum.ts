// Checksums: 64 bits that tell two contents apart, for compiled files and for the sources they were made from.
//
// Two MurmurHash3 (x86, 32 bits) with different seeds. It finds damage and edits, not forgery: compiled files are verified
// before they run, whatever their checksum says. Loading node:crypto takes longer than all of the standard library.
// Source: Austin Appleby, MurmurHash3, public domain.

export const CHECKSUM_BYTES = 8;

/** The checksum of these bytes, as CHECKSUM_BYTES bytes. */
export function checksum(bytes: Uint8Array): Buffer {
  const words = new Int32Array((bytes.length + 3) >> 2);
  new Uint8Array(words.buffer).set(bytes);
  let a = 0x3c6ef372;
  let b = 0x1b873593;
  for (let i = 0; i < words.length; i++) {
    let k = Math.imul(words[i], 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    a ^= k;
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    b ^= k;
    b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x52dce729) | 0;
  }
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeInt32LE(finish(a ^ bytes.length), 0);
  sum.writeInt32LE(finish(b ^ bytes.length), 4);
  return sum;
}

/** The same as hexadecimal digits. */
export const hexChecksum = (bytes: Uint8Array): string => checksum(bytes).toString('hex');

export const textChecksum = (text: string): string => hexChecksum(Buffer.from(text));

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
