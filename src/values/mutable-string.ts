// Mutable strings: what `make-string`, `string-copy` and their like give in programs that import `(scheme …)` libraries.
//
// Strings of Eta are the host's, immutable and compared by their contents. R7RS has strings that change, with an identity
// of their own; only its programs get them. Every builtin takes one where it takes a string, by way of `textOf`, which
// looks for them last: what has no mutable strings pays nothing.
//
// A mutable string is a text until it is changed, then an array of code points until somebody wants the text.
// Source: R7RS 6.7; README V1, Beyond.

import { codePointAt, codePoints, textLength } from './text.ts';
import { HeapObject, type Value } from './types.ts';

/** More arguments than this are not passed to one call. */
const CHUNK = 8192;

export class MutableString extends HeapObject {
  readonly kind = 'String';
  private contents: string | null;
  private points: number[] | null = null;

  constructor(text: string) {
    super();
    this.contents = text;
  }

  get text(): string {
    this.contents ??= textFrom(this.points as number[]);
    return this.contents;
  }

  /** Count of characters. */
  get length(): number {
    return this.points?.length ?? textLength(this.text);
  }

  /** The code point at an index, -1 if there is none. */
  at(index: number): number {
    return this.points === null ? codePointAt(this.text, index) : (this.points[index] ?? -1);
  }

  /** Replace the characters from `start` on; all of them are in range. */
  write(start: number, points: readonly number[]): void {
    this.points ??= codePoints(this.text);
    for (let i = 0; i < points.length; i++) this.points[start + i] = points[i];
    this.contents = null;
  }

  fill(point: number, start: number, end: number): void {
    this.points ??= codePoints(this.text);
    this.points.fill(point, start, end);
    this.contents = null;
  }
}

function textFrom(points: readonly number[]): string {
  let text = '';
  for (let i = 0; i < points.length; i += CHUNK) text += String.fromCodePoint(...points.slice(i, i + CHUNK));
  return text;
}

/** The text of a string of either kind, undefined for anything else. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof MutableString ? value.text : undefined;
}
