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
  const state = Int32Array.of(0x3c6ef372, 0x1b873593);
  for (let at = 0; at < words.length; at += BLOCK) mixIn(state, words, at, Math.min(at + BLOCK, words.length));
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeInt32LE(finish(state[0] ^ bytes.length), 0);
  sum.writeInt32LE(finish(state[1] ^ bytes.length), 4);
  return sum;
}

/** In blocks: the host optimises a function that is called often better than one that is left after one long loop. */
const BLOCK = 1024;

function mixIn(state: Int32Array, words: Int32Array, from: number, to: number): void {
  let a = state[0];
  let b = state[1];
  for (let i = from; i < to; i++) {
    let k = Math.imul(words[i], 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    a ^= k;
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    b ^= k;
    b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x52dce729) | 0;
  }
  state[0] = a;
  state[1] = b;
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
