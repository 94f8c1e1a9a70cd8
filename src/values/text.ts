// Text: strings as sequences of characters (Unicode scalar values), which is how Eta indexes them.
//
// JavaScript counts UTF-16 units. The two agree for a string without surrogates, which most strings are, and then every
// operation is the host's own. A string with surrogates gets a table of marks, the unit offset of every 64th
// character, so that indexing it costs at most 64 steps. What is known about the last few longer strings is kept,
// because programs index the same string in a loop.
//
// Source: README V1, builtins §7.

/** Characters between two marks. */
const STRIDE = 64;
/** Below this many units, looking is cheaper than remembering. */
const SHORT = 24;
/** Longer strings that are remembered. */
const REMEMBERED = 8;

interface Layout {
  /** The string object that was asked about last: comparing with the same object again costs nothing. */
  text: string;
  /** Count of characters. */
  readonly length: number;
  /** Unit offsets of characters 0, 64, 128 …; null if units and characters are the same. */
  readonly marks: readonly number[] | null;
}

const layouts: Layout[] = [];
let newest = 0;

function layoutOf(text: string): Layout {
  const last = layouts[newest];
  if (last !== undefined && last.text === text) {
    last.text = text;
    return last;
  }
  for (let i = 0; i < layouts.length; i++) {
    if (layouts[i].text === text) {
      newest = i;
      layouts[i].text = text;
      return layouts[i];
    }
  }
  const layout = SURROGATE.test(text) ? markCharacters(text) : { text, length: text.length, marks: null };
  newest = layouts.length < REMEMBERED ? layouts.length : (newest + 1) % REMEMBERED;
  layouts[newest] = layout;
  return layout;
}

const SURROGATE = /[\ud800-\udfff]/;

function markCharacters(text: string): Layout {
  const marks: number[] = [];
  let length = 0;
  for (let offset = 0; offset < text.length; offset += unitsAt(text, offset)) {
    if (length % STRIDE === 0) marks.push(offset);
    length++;
  }
  return { text, length, marks };
}

const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;
/** Strings are well-formed, so a surrogate at a character's start begins a pair. */
const unitsAt = (text: string, offset: number): number => (isSurrogate(text.charCodeAt(offset)) ? 2 : 1);

/** Whether units and characters are the same. */
function isFlat(text: string): boolean {
  if (text.length >= SHORT) return layoutOf(text).marks === null;
  for (let i = 0; i < text.length; i++) if (isSurrogate(text.charCodeAt(i))) return false;
  return true;
}

/** Count of characters. */
export function textLength(text: string): number {
  if (text.length >= SHORT) return layoutOf(text).length;
  let length = 0;
  for (let offset = 0; offset < text.length; offset += unitsAt(text, offset)) length++;
  return length;
}

/** The two flat strings that were indexed last: most programs go over one string, or compare two. */
let lastFlat = '';
let flatBefore = '';

/** The code point of character `index`, or -1 if there is none. */
export function codePointAt(text: string, index: number): number {
  if (index < 0 || index >= text.length) return -1;
  if (text === lastFlat || text === flatBefore) return text.charCodeAt(index);
  if (isFlat(text)) {
    flatBefore = lastFlat;
    lastFlat = text;
    return text.charCodeAt(index);
  }
  return text.codePointAt(unitOffset(text, index)) ?? -1;
}

/** The characters from `start` up to, not including, `end`; both are in range. */
export function textSlice(text: string, start: number, end: number): string {
  if (isFlat(text)) return text.slice(start, end);
  return text.slice(unitOffset(text, start), unitOffset(text, end));
}

/** Where character `index` begins; the text's end for any index beyond it. */
export function unitOffset(text: string, index: number): number {
  if (isFlat(text)) return Math.min(index, text.length);
  let offset = 0;
  let remaining = index;
  if (text.length >= SHORT) {
    const { length, marks } = layoutOf(text) as Layout & { marks: readonly number[] };
    if (index >= length) return text.length;
    const mark = Math.floor(index / STRIDE);
    offset = marks[mark];
    remaining = index - mark * STRIDE;
  }
  for (; remaining > 0 && offset < text.length; remaining--) offset += unitsAt(text, offset);
  return offset;
}

/** The number of the character that begins at a unit offset. */
export function characterIndex(text: string, offset: number): number {
  return isFlat(text) ? offset : textLength(text.slice(0, offset));
}

/** Code points in order. */
export function codePoints(text: string): number[] {
  const points: number[] = [];
  for (let offset = 0; offset < text.length; ) {
    const point = text.codePointAt(offset) as number;
    points.push(point);
    offset += point > 0xffff ? 2 : 1;
  }
  return points;
}

/** Negative, zero or positive: by code points, which is the order of UTF-8 bytes and not that of UTF-16 units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  // Pairs of surrogates stand for the highest code points, yet U+E000 … U+FFFF are higher units.
  if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
  return x - y;
}
