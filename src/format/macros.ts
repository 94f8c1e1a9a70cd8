// How a text's own macros are indented: as their rules say.
//
//   (define-syntax while                          a pattern ends with a variable and an ellipsis (or a dot), and the
//     (syntax-rules ()                            template puts it where a body is, or it is called body: whatever
//       ((_ test body ...)                        stands before it is distinguished, so `while` is like `when`
//        (let loop () (when test body ... (loop))))))
//   ((_ value (pattern e ...) ...) …)             a pattern ends with a list and an ellipsis: clauses, as of `case`,
//   ((_ (test e ...) clause ...) …)               or of `cond` where nothing stands before them
//   ((_ ((name value) ...) body ...) …)           a list of lists is bindings
//
// All other macros are indented like calls, as Emacs and Racket do it with forms that they do not know. Only names count: a
// macro of the text is taken to be meant wherever a list begins with its name. One pass over the pieces of a macro, and no
// recursion.

import { type BodyShape, body, COND, type Shape, shapeOf } from './indentation.ts';
import type { Piece } from './pieces.ts';

export type MacroShapes = ReadonlyMap<string, Shape>;

/**
 * The shapes of the macros of a text, of those that are not like calls.
 *
 * @param imported  those that it has from elsewhere, by the names that they have here: it may define others
 */
export function macroShapes(pieces: readonly Piece[], imported: MacroShapes = new Map()): MacroShapes {
  const shapes = new Map(imported);
  pieces.forEach((piece, index) => {
    // NAME (syntax-rules …), behind define-syntax as well as in let-syntax.
    if (piece.kind !== 'atom' || pieces[index + 1]?.kind !== 'open') return;
    if (pieces[index + 2].text !== 'syntax-rules') return;
    const shape = shapeOfRules(new Rules(pieces, index + 1), shapes);
    if (shape === null) shapes.delete(piece.text);
    else shapes.set(piece.text, shape);
  });
  return shapes;
}

/** What a rule says of the operands. */
interface Finding {
  readonly kind: 'body' | 'clauses';
  readonly distinguished: number;
  readonly operands: readonly (Shape | undefined)[];
}

/** The first rule that says something decides; of those that agree with it, that with the fewest distinguished operands. */
function shapeOfRules(rules: Rules, known: MacroShapes): Shape | null {
  const findings = rules.each().flatMap((rule) => rules.finding(rule, known) ?? []);
  const alike = findings.filter(({ kind }) => kind === findings[0].kind);
  if (alike.length === 0) return null;
  const { kind, distinguished, operands } = alike.reduce((a, b) => (b.distinguished < a.distinguished ? b : a));
  if (kind === 'body') return body(distinguished, ...operands, undefined);
  return distinguished === 0 ? COND : body(distinguished, ...operands, 'clause');
}

/** One `syntax-rules` form. */
class Rules {
  private readonly ellipsis: string;
  private readonly rules: readonly number[];

  constructor(
    private readonly pieces: readonly Piece[],
    open: number,
  ) {
    const [, second, ...rest] = this.elements(open);
    const hasOwnEllipsis = second !== undefined && pieces[second].kind === 'atom';
    this.ellipsis = hasOwnEllipsis ? pieces[second].text : '...';
    this.rules = hasOwnEllipsis ? rest.slice(1) : rest;
  }

  /** Pattern and template of each rule. */
  each(): (readonly [pattern: number, template: number])[] {
    return this.rules.flatMap((rule) => {
      const [pattern, template] = this.pieces[rule].kind === 'open' ? this.elements(rule) : [];
      return template !== undefined && this.pieces[pattern].kind === 'open' ? [[pattern, template] as const] : [];
    });
  }

  finding([pattern, template]: readonly [number, number], known: MacroShapes): Finding | null {
    const [, ...all] = this.elements(pattern);
    const isDotted = this.textAt(all.at(-2)) === '.';
    const isRepeated = this.textAt(all.at(-1)) === this.ellipsis;
    const last = isRepeated ? all.at(-2) : all.at(-1);
    if (last === undefined) return null;
    const before = all.slice(0, isDotted || isRepeated ? -2 : -1).filter((each) => this.textAt(each) !== this.ellipsis);
    const operands = before.map((each) => this.operandShape(each));
    const { kind, text } = this.pieces[last];
    if (kind === 'open') return isRepeated ? { kind: 'clauses', distinguished: before.length, operands } : null;
    if ((isRepeated || isDotted) && text.startsWith('clause')) {
      const distinguished = operands.lastIndexOf(undefined) + 1;
      return { kind: 'clauses', distinguished, operands: operands.slice(0, distinguished) };
    }
    const distinguished = text.startsWith('body')
      ? before.findLastIndex((each) => !this.textAt(each)?.startsWith('body')) + 1
      : isRepeated || isDotted
        ? this.operandsBeforeBody(template, [...before, last], isDotted, known)
        : null;
    return distinguished === null ? null : { kind: 'body', distinguished, operands: operands.slice(0, distinguished) };
  }

  /** The shape of the operands for a pattern; undefined if that is a variable. */
  private operandShape(pattern: number): Shape | undefined {
    if (this.pieces[pattern].kind !== 'open') return undefined;
    return this.pieces[pattern + 1].kind === 'open' ? 'bindings' : 'data';
  }

  /**
   * If a form of the template has the last operand of a pattern, with all that it matches, in its body: how many operands
   * stand before it in the pattern and not before it in that body. Else null.
   */
  private operandsBeforeBody(
    template: number,
    operands: readonly number[],
    isDotted: boolean,
    known: MacroShapes,
  ): number | null {
    const { pieces } = this;
    const variable = this.textAt(operands.at(-1));
    const lists: { shape: Shape; count: number }[] = [];
    for (let at = template; at <= pieces[template].close; at++) {
      const { kind, text } = pieces[at];
      if (kind === 'close') lists.pop();
      if (kind !== 'open' && kind !== 'atom') continue;
      const list = lists.at(-1);
      if (list !== undefined) {
        const isWhole = isDotted ? this.textAt(at - 1) === '.' : this.textAt(at + 1) === this.ellipsis;
        if (text === variable && isWhole && isInBody(list)) {
          const before = list.count - (list.shape as BodyShape).distinguished - 1;
          return isDotted
            ? this.operandsNotBefore(at - 1, before - 1, operands)
            : this.operandsNotBefore(at, before, operands);
        }
        list.count++;
      }
      if (kind === 'open') lists.push({ shape: this.shapeIn(at, known), count: 0 });
    }
    return null;
  }

  /**
   * All operands but the last, and but those that stand in their order right before a piece: at most `most` of these, as
   * many as the body has there.
   */
  private operandsNotBefore(piece: number, most: number, operands: readonly number[]): number {
    let count = operands.length - 1;
    for (let back = 1; back <= most && count > 0; back++, count--) {
      if (this.textAt(piece - back) !== this.textAt(operands[count - 1])) break;
    }
    return count;
  }

  private shapeIn(open: number, known: MacroShapes): Shape {
    const head = this.textAt(open + 1);
    const shape = head === null ? undefined : known.get(head);
    return shape ?? shapeOf(head, this.textAt(open + 2) !== null);
  }

  /** The first pieces of the elements of a list; what `#;` hides is none. */
  private elements(open: number): number[] {
    const { pieces } = this;
    const found: number[] = [];
    let isHidden = false;
    let isPrefixed = false;
    for (let at = open + 1; at < pieces[open].close; at++) {
      const { kind, text, close } = pieces[at];
      if (kind === 'line comment' || kind === 'block comment') continue;
      if (!isPrefixed && text === '#;') isHidden = true;
      else if (!isPrefixed && !isHidden) found.push(at);
      isPrefixed = kind === 'prefix' && text !== '#;';
      if (kind === 'prefix') continue;
      isHidden = false;
      if (kind === 'open') at = close;
    }
    return found;
  }

  /** The text of a piece that is an atom, else null. */
  private textAt(index: number | undefined): string | null {
    const piece = index === undefined ? undefined : this.pieces[index];
    return piece?.kind === 'atom' ? piece.text : null;
  }
}

const isInBody = ({ shape, count }: { shape: Shape; count: number }): boolean =>
  typeof shape !== 'string' && shape !== COND && count > shape.distinguished;
