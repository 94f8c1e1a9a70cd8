// Line index: from an offset in a text (UTF-16 units) to line and column.
//
// Lines and columns are 1-based, only LF ends a line, and a column counts UTF-8 bytes, as language §1 demands. In a
// text of ASCII, bytes and units are the same. Otherwise the byte offset of every 64th unit is kept, so that a look-up
// walks over at most 63 units and no order of look-ups is slow.
//
// A byte-order mark at the start has no width. A lone surrogate DC80 … DCFF stands for one undecodable byte
// (source-text.ts).

const STEP_BITS = 6;
const STEP = 1 << STEP_BITS;
const NON_ASCII = /[^\0-\x7f]/;

export class LineIndex {
  /** The result of the last `seek`. */
  line = 1;
  column = 1;

  private readonly lineStarts: number[] = [0];
  private readonly bytes: Uint32Array | null;
  /** Index into `lineStarts` of the last look-up: the next one is nearly always on the same line or the one after. */
  private recent = 0;

  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
    this.bytes = NON_ASCII.test(text) ? this.measure() : null;
  }

  /** Set `line` and `column` to those of `offset`, which may be the length of the text. */
  seek(offset: number): void {
    const starts = this.lineStarts;
    let line = this.recent;
    if (offset < starts[line] || (line + 2 < starts.length && offset >= starts[line + 2])) line = this.search(offset);
    else if (line + 1 < starts.length && offset >= starts[line + 1]) line++;
    this.recent = line;
    this.line = line + 1;
    const start = starts[line];
    this.column = (this.bytes === null ? offset - start : this.byteOffset(offset) - this.byteOffset(start)) + 1;
  }

  private search(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private measure(): Uint32Array {
    const { text } = this;
    const marks = new Uint32Array((text.length >> STEP_BITS) + 1);
    let total = 0;
    for (let at = 0; at < text.length; at++) {
      if ((at & (STEP - 1)) === 0) marks[at >> STEP_BITS] = total;
      total += width(text, at);
    }
    if ((text.length & (STEP - 1)) === 0) marks[text.length >> STEP_BITS] = total;
    return marks;
  }

  private byteOffset(offset: number): number {
    let at = offset & ~(STEP - 1);
    let total = this.bytes![at >> STEP_BITS];
    for (; at < offset; at++) total += width(this.text, at);
    return total;
  }
}

/** UTF-8 bytes of one UTF-16 unit; the halves of a surrogate pair count two each. */
function width(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  if (code >= 0xdc80 && code <= 0xdcff && (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800) return 1;
  if (code >= 0xd800 && code <= 0xdfff) return 2;
  return code === 0xfeff && at === 0 ? 0 : 3;
}
