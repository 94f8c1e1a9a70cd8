// Layout: a text in the one layout that Eta code has.
//
// The author's lines stay lines, since where to break is a matter of sense; what stands in them is put in order: one space
// between elements, indentation by indentation.ts, brackets closed where the last element ends, at most one empty line,
// comments beside code under one another. A list that does not fit into WIDTH columns is broken: a call of atoms is
// filled, everything else gets an element a line.
//
// What is put out is laid out the same way again, because each line end that is added is one that the author might have
// written. Nothing recurses, so any depth is fine. Source: tools §16.4.

import { childShape, isCallLike, nextColumn, type OpenList, type Shape, shapeOf } from './indentation.ts';
import { type MacroShapes, macroShapes } from './macros.ts';
import { breaksLine, isTight, type Piece, piecesOf } from './pieces.ts';

/** Lines are broken beyond this many columns where they can be. */
export const WIDTH = 120;
/** Comments beside code are not moved further to the right than this for the sake of their neighbours. */
const MAX_COMMENT_COLUMN = 80;

/** The layout of a text that has no diagnostics. @param imported  the shapes of macros that other modules define */
export function formatText(text: string, imported?: MacroShapes): string {
  const writer = new Layout(piecesOf(text.replace(/^\ufeff/, '')), imported);
  return linesToText(writer.run());
}

interface Line {
  /** With its indentation; may hold line ends, of strings and block comments. */
  code: string;
  /** Beside the code. */
  comment: string;
}

interface List extends OpenList {
  /** Whether every element has a line of its own, or as many share one as fit. */
  readonly breaking: 'none' | 'each' | 'fill';
  headLine: number;
}

const TOP: Omit<List, 'count' | 'operandColumn' | 'headLine'> = {
  shape: 'data',
  column: 0,
  inner: 0,
  breaking: 'each',
};

class Layout {
  private readonly lines: Line[] = [{ code: '', comment: '' }];
  private readonly lists: List[] = [{ ...TOP, count: 0, operandColumn: -1, headLine: 0 }];
  private column = 0;
  private readonly macros: MacroShapes;

  constructor(
    private readonly pieces: readonly Piece[],
    imported: MacroShapes | undefined,
  ) {
    this.macros = macroShapes(pieces, imported);
  }

  run(): readonly Line[] {
    for (const [index, piece] of this.pieces.entries()) this.place(piece, index);
    return this.lines;
  }

  private place(piece: Piece, index: number): void {
    const before = index > 0 ? this.pieces[index - 1] : undefined;
    if (
      piece.kind === 'line comment' &&
      piece.newlines === 0 &&
      before !== undefined &&
      before.kind !== 'line comment'
    ) {
      this.line.comment = piece.text;
      return;
    }
    this.separate(piece, index, before);
    if (piece.kind === 'close') this.lists.pop();
    else if (before?.kind !== 'prefix' && isElement(piece)) this.countElement();
    if (piece.kind === 'open') this.open(piece, index);
    this.write(piece.text);
  }

  /** Put a line end, a space or nothing before a piece. */
  private separate(piece: Piece, index: number, before: Piece | undefined): void {
    if (before === undefined) return;
    const isForced = before.kind === 'line comment';
    if (isForced || breaksLine(this.pieces, index) || this.wantsLine(piece, index, before)) {
      const isEmptyLineKept = piece.newlines > 1 && before.kind !== 'open' && piece.kind !== 'close';
      this.newLine(this.indentation(index), isEmptyLineKept);
    } else if (!isTight(before, piece)) this.write(' ');
  }

  /** Whether a piece gets a line of its own although the author has not given it one. */
  private wantsLine(piece: Piece, index: number, before: Piece): boolean {
    const list = this.list;
    if (piece.kind === 'close' || before.kind === 'open' || before.kind === 'prefix') return false;
    if (this.lists.length === 1) return piece.kind !== 'block comment' && before.kind !== 'block comment';
    if (list.count < firstMovable(list.shape)) return false;
    return list.breaking === 'each' || (this.overflows(index) && this.indentation(index) < this.column);
  }

  /** Whether the element that begins with piece `index` reaches beyond the last column, closing brackets included. */
  private overflows(index: number): boolean {
    let columns = this.column + 1;
    let at = index;
    for (; this.pieces[at].kind === 'prefix'; at++) columns += this.pieces[at].flat;
    const piece = this.pieces[at];
    columns += piece.flat + piece.closersBehind;
    return Number.isFinite(columns) && columns > WIDTH;
  }

  private countElement(): void {
    const list = this.list;
    if (list.count === 0) list.headLine = this.lines.length;
    if (list.count === 1 && list.headLine === this.lines.length) list.operandColumn = this.column;
    list.count++;
  }

  private open(piece: Piece, index: number): void {
    const shape = this.shapeAt(index);
    const fits = this.column + piece.flat + piece.closersBehind <= WIDTH;
    this.lists.push({
      shape,
      column: this.column,
      inner: this.column + piece.text.length,
      breaking: fits || !Number.isFinite(piece.flat) ? 'none' : isFilled(shape, piece) ? 'fill' : 'each',
      count: 0,
      operandColumn: -1,
      headLine: 0,
    });
  }

  private shapeAt(index: number): Shape {
    const before = index > 0 ? this.pieces[index - 1] : undefined;
    const { shape, count } = this.list;
    if (shape === 'quoted' || (before?.kind === 'prefix' && before.text === "'")) return 'quoted';
    if (this.pieces[index].text.startsWith('#')) return 'data';
    const given = this.lists.length === 1 ? undefined : childShape(shape, count - 1);
    if (given === 'clause') return this.pieces[index + 1].kind === 'atom' ? 'clause' : 'data';
    if (given !== undefined) return given;
    const head = this.pieces[index + 1];
    if (head.kind !== 'atom') return shapeOf(null, false);
    return this.macros.get(head.text) ?? shapeOf(head.text, this.pieces[index + 2]?.kind === 'atom');
  }

  /** Where the element that begins with piece `index` stands on a line of its own. */
  private indentation(index: number): number {
    const { shape, column, count } = this.list;
    if (shape === 'call' && count > 0 && this.isLastFunction(index)) return column + 2;
    return nextColumn(this.list);
  }

  /** Whether a `lambda` begins here that ends the list, all else of which stands on its first line. */
  private isLastFunction(index: number): boolean {
    const piece = this.pieces[index];
    if (piece.kind !== 'open' || this.pieces[index + 1].text !== 'lambda') return false;
    return this.pieces[piece.close + 1].kind === 'close' && this.list.headLine === this.lines.length;
  }

  private newLine(indentation: number, behindEmptyLine: boolean): void {
    if (behindEmptyLine) this.lines.push({ code: '', comment: '' });
    this.lines.push({ code: ' '.repeat(indentation), comment: '' });
    this.column = indentation;
  }

  private write(text: string): void {
    this.line.code += text;
    const lineEnd = text.lastIndexOf('\n');
    this.column = lineEnd < 0 ? this.column + [...text].length : [...text.slice(lineEnd + 1)].length;
  }

  private get line(): Line {
    return this.lines[this.lines.length - 1];
  }

  private get list(): List {
    return this.lists[this.lists.length - 1];
  }
}

/** Data and calls of atoms share lines. */
const isFilled = (shape: Shape, { isNested }: Piece): boolean =>
  shape === 'quoted' || (!isNested && (shape === 'call' || shape === 'data'));

/** Elements count for indentation; comments do not, nor what `#;` hides. */
const isElement = ({ kind, text }: Piece): boolean =>
  kind === 'open' || kind === 'atom' || (kind === 'prefix' && text !== '#;');

/** The first element that may be moved to a line of its own: the head never, of a call not the first operand. */
function firstMovable(shape: Shape): number {
  if (typeof shape !== 'string' && !isCallLike(shape)) return shape.distinguished + 1;
  return isCallLike(shape) ? 2 : 1;
}

/** The text of the lines; comments beside code on neighbouring lines begin in one column. */
function linesToText(lines: readonly Line[]): string {
  const out: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (end < lines.length && lines[end].comment !== '') end++;
    if (end === at) end = at + 1;
    const group = lines.slice(at, end);
    const widths = group.map(({ code }) => [...code.slice(code.lastIndexOf('\n') + 1)].length);
    const column = Math.max(0, ...widths.filter((width) => width < MAX_COMMENT_COLUMN)) + 1;
    group.forEach(({ code, comment }, index) => {
      const gap = Math.max(1, column - widths[index]);
      out.push(comment === '' ? code.trimEnd() : `${code}${' '.repeat(gap)}${comment}`);
    });
    at = end;
  }
  const text = out.join('\n').trimEnd();
  return text === '' ? '' : `${text}\n`;
}
