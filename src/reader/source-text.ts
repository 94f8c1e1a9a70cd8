// Source text: from the bytes of a file to the string that the reader takes.
//
// The reader reports bytes that are not UTF-8 where they matter, inside strings and names, with their position; in a
// comment they do no harm. To carry them there, each such byte becomes a lone surrogate DC80 … DCFF (0xFF is DCFF), the
// way that Python's `surrogateescape` does it. No well-formed text contains one, so they cannot be confused.
//
// Source: language §1, §1.4.

import { type Fault, LEX } from './faults.ts';

const ESCAPE = 0xdc00;

/** The text of these bytes, without a byte-order mark; undecodable bytes as lone surrogates, see above. */
export function decodeSource(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

function decodeEscaping(bytes: Uint8Array): string {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  const chunks: string[] = [];
  let clean = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let at = clean; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    chunks.push(lenient.decode(bytes.subarray(clean, at)), String.fromCharCode(ESCAPE + bytes[at]));
    clean = ++at;
  }
  chunks.push(lenient.decode(bytes.subarray(clean)));
  return chunks.join('');
}

/** Length of the well-formed UTF-8 sequence at `at` (Unicode table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1];
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
  return length;
}

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Offset in `text` of the first thing that is no Unicode scalar value, or -1. */
export function findIllFormed(text: string): number {
  return text.search(LONE_SURROGATE);
}

/** What is wrong with the bytes that `findIllFormed` found at `at`. */
export function explainIllFormed(text: string, at: number): Fault {
  const first = text.charCodeAt(at) - ESCAPE;
  const second = text.charCodeAt(at + 1) - ESCAPE;
  if (encodesNoScalar(first, second)) return LEX.notScalar;
  const wanted = first > 0xf4 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  return at + wanted > text.length ? LEX.truncatedUtf8 : LEX.invalidUtf8;
}

/** ED A0 … ED BF encode surrogates; F4 90 … F7 BF what lies beyond U+10FFFF. */
function encodesNoScalar(first: number, second: number): boolean {
  if (first === 0xed) return second >= 0xa0 && second <= 0xbf;
  const low = first === 0xf4 ? 0x90 : 0x80;
  return first >= 0xf4 && first <= 0xf7 && second >= low && second <= 0xbf;
}
