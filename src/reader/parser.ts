// Parser: from tokens to syntax objects, with a stack of its own instead of recursion.
//
// Each bracket or prefix that waits for more is a Frame on the stack; a complete datum is handed to the top frame, which
// may complete it in turn:
//
//     (define x '(1     stack: list [define x] · prefix ' · list [1]
//
// Two invariants of the syntax objects that are made here:
//   - a tail is never a list: (a . (b c)) is (a b c), read by a frame that appends to its parent's items, so that long
//     chains of such dots cost linear time and no depth
//   - the symbol `Nil` is the empty list (language §1.5)
//
// Faults are collected, and reading goes on. A top-level form that contains a fault is not delivered: with a hole in it,
// it would only lead to errors that are none. How reading goes on after a fault in the bracket structure is in
// `closeWrongly` and `endOfInput`; the aim is one report for one slip.
//
// Source: language §2; tools §16.2 "recovery".

import { NO_SPAN, type Source, Span } from '../values/span.ts';
import { Bytevector, intern, type Sym, type Value } from '../values/types.ts';
import { type Fault, type Finding, LEX, PARSE } from './faults.ts';
import { endOf, isCloser, likelySurplus, likelyUnclosed } from './indentation.ts';
import { Labels } from './labels.ts';
import { type Token, TokenKind, tokenKind } from './lexer.ts';
import type { LineIndex } from './line-index.ts';
import { parseNumber } from './number-syntax.ts';
import { Flaw, r7rsBarName } from './scanners.ts';
import { AtomSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from './syntax.ts';

export interface ParserOptions {
  /** Where spans belong to; null to read data, without spans. */
  readonly place: { readonly source: Source; readonly lines: LineIndex } | null;
  /** Stop after so many top-level data, after so many faults. */
  readonly maxForms: number;
  readonly maxFindings: number;
  /** Deepest nesting of brackets and prefixes that is accepted. */
  readonly maxDepth: number;
  /** Are #0= and #0# read? */
  readonly labels: boolean;
  /** Fold the case of names until #!no-fold-case. */
  readonly foldCase: boolean;
  /** Does the text belong to an R7RS program? There a letter after a backslash means between bars what it does in a string. */
  readonly isR7rs: boolean;
}

/** How many tokens may be read again in all: a huge hostile text is not worth its further faults. */
const MAX_REREAD = 1_000_000;

const enum FrameKind {
  List,
  /** The list after a dot: its elements are appended to those of the frame below. */
  Spliced,
  Vector,
  Bytevector,
  Prefix,
  Label,
  Comment,
}

const enum Dot {
  None,
  Read,
  /** The tail is there: no datum may follow. */
  Filled,
}

class Frame {
  tail: Syntax | null = null;
  dot = Dot.None;
  /** Has something been reported about this frame's own content? Once is enough. */
  reported = false;
  constructor(
    readonly kind: FrameKind,
    readonly open: Token,
    readonly line: number,
    readonly column: number,
    readonly items: Syntax[],
    /** What a prefix stands for: `quote` … */
    readonly symbol: Sym | null,
  ) {}
}

const QUOTE = intern('quote');
const QUASIQUOTE = intern('quasiquote');
const UNQUOTE = intern('unquote');
const UNQUOTE_SPLICING = intern('unquote-splicing');

export class Parser {
  readonly forms: Syntax[] = [];
  readonly findings: Finding[] = [];
  foldCase: boolean;
  /** Offset after the last token that was read. */
  position = 0;

  private readonly stack: Frame[] = [];
  private readonly labels = new Labels();
  private index = 0;
  private depth = 0;
  /** Index of the token with which the present top-level form began. */
  private formStart = 0;
  private formIsFaulty = false;
  /** Was a bracket of this form closed by the other kind? And how many findings were there when it began? */
  private formIsTangled = false;
  private findingsBefore = 0;
  /** Index of the last closer that closed nothing. */
  private lastStray = -2;
  /** The brackets cannot be trusted: do not report closers without an opener until another form starts a line. */
  private quiet = false;
  /** Index of the token with which reading went on after a form was given up. */
  private restart = -1;
  /** Tokens that were read again after a form was given up. */
  private reread = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly options: ParserOptions,
  ) {
    this.foldCase = options.foldCase;
  }

  run(): void {
    do {
      while (this.index < this.tokens.length) {
        const token = this.tokens[this.index];
        if (this.stack.length === 0) this.beginForm(token);
        this.index++;
        this.read(token);
        this.position = endOf(token);
        if (this.isDone()) return;
      }
    } while (this.endOfInput());
  }

  private isDone(): boolean {
    return this.findings.length >= this.options.maxFindings || this.forms.length >= this.options.maxForms;
  }

  private beginForm(token: Token): void {
    this.formStart = this.index;
    this.formIsFaulty = false;
    this.formIsTangled = false;
    this.findingsBefore = this.findings.length;
    if (this.startsLine(token) && !isCloser(token) && this.index !== this.restart) this.quiet = false;
  }

  private read(token: Token): void {
    switch (tokenKind(token)) {
      case TokenKind.Open:
      case TokenKind.OpenSquare:
        return this.openList(token);
      case TokenKind.OpenVector:
        return this.push(FrameKind.Vector, token);
      case TokenKind.OpenBytevector:
        return this.push(FrameKind.Bytevector, token);
      case TokenKind.Close:
      case TokenKind.CloseSquare:
        return this.close(token);
      case TokenKind.Quote:
        return this.push(FrameKind.Prefix, token, QUOTE);
      case TokenKind.Quasiquote:
        return this.push(FrameKind.Prefix, token, QUASIQUOTE);
      case TokenKind.Unquote:
        return this.push(FrameKind.Prefix, token, UNQUOTE);
      case TokenKind.UnquoteSplicing:
        return this.push(FrameKind.Prefix, token, UNQUOTE_SPLICING);
      case TokenKind.Dot:
        return this.readDot(token);
      case TokenKind.DatumComment:
        return this.push(FrameKind.Comment, token);
      case TokenKind.Directive:
        return this.direct(token);
      case TokenKind.LabelDefinition:
        return this.defineLabel(token);
      case TokenKind.LabelReference:
        return this.referToLabel(token);
      case TokenKind.Identifier:
        return this.add(this.named(intern(this.foldCase ? token.image.toLowerCase() : token.image), token));
      case TokenKind.Number:
        return this.addNumber(token);
      case TokenKind.Boolean:
        return this.add(this.atom(token.image[1] === 't' || token.image[1] === 'T', token));
      default:
        return this.addScanned(token);
    }
  }

  // ---- atoms

  private addNumber(token: Token): void {
    const value = parseNumber(token.image);
    if (value === null) this.reportToken(PARSE.badNumber, token);
    this.add(this.atom(value ?? 0, token));
  }

  private addScanned(token: Token): void {
    const content = token.payload as Value | Flaw;
    if (content instanceof Flaw) {
      this.report(content.fault, token.startOffset, content.end);
      // Nothing ends the token, so the rest of this form is lost with it.
      if (content.fault.atEnd) return this.giveUpForm(this.index);
      return this.add(this.atom(0, token));
    }
    if (token.image[0] !== '|') return this.add(this.atom(content, token));
    const symbol = this.options.isR7rs ? intern(r7rsBarName(token.image)) : (content as Sym);
    return this.add(this.named(symbol, token));
  }

  /** Forget what is open, and go on at the token `restart` as if at top level. */
  private giveUpForm(restart: number): void {
    this.index = restart;
    this.restart = restart;
    this.stack.length = 0;
    this.depth = 0;
    this.labels.clear();
    this.quiet = true;
  }

  private named(symbol: Sym, token: Token): Syntax {
    const span = this.tokenSpan(token);
    return symbol === NIL_SYMBOL ? new ListSyntax([], null, span) : new Identifier(symbol, span);
  }

  private atom(value: Value, token: Token): AtomSyntax {
    return new AtomSyntax(value, this.tokenSpan(token));
  }

  private direct(token: Token): void {
    if (token.image === '#!fold-case') this.foldCase = true;
    else if (token.image === '#!no-fold-case') this.foldCase = false;
  }

  // ---- labels

  private defineLabel(token: Token): void {
    if (!this.options.labels) return this.addUnsupportedLabel(token);
    if (this.labels.begin(token.image.slice(1, -1))) return this.push(FrameKind.Label, token);
    return this.reportToken(PARSE.duplicateLabel, token);
  }

  private referToLabel(token: Token): void {
    if (!this.options.labels) return this.addUnsupportedLabel(token);
    const datum = this.labels.reference(token.image.slice(1, -1), this.tokenSpan(token));
    if (datum === null) this.reportToken(PARSE.unknownLabel, token);
    return this.add(datum ?? this.atom(0, token));
  }

  private addUnsupportedLabel(token: Token): void {
    this.reportToken(LEX.noLabels, token);
    this.add(this.atom(0, token));
  }

  // ---- a complete datum

  /** Hand a datum to whatever waits for it. */
  private add(datum: Syntax): void {
    for (;;) {
      const top = this.stack[this.stack.length - 1];
      if (top === undefined) return this.deliver(datum);
      switch (top.kind) {
        case FrameKind.List:
        case FrameKind.Spliced:
          return this.addToList(top, datum);
        case FrameKind.Bytevector:
          this.checkByte(top, datum);
          top.items.push(datum);
          return;
        case FrameKind.Vector:
          top.items.push(datum);
          return;
        case FrameKind.Comment:
          this.pop();
          return;
        case FrameKind.Prefix:
          this.pop();
          datum = this.prefixed(top, datum);
          break;
        default:
          this.pop();
          datum = this.labelled(top, datum);
      }
    }
  }

  private deliver(datum: Syntax): void {
    if (!this.formIsFaulty) this.forms.push(datum);
    this.labels.clear();
  }

  private addToList(frame: Frame, datum: Syntax): void {
    if (frame.dot === Dot.None) {
      frame.items.push(datum);
    } else if (frame.dot === Dot.Read) {
      frame.dot = Dot.Filled;
      this.setTail(frame, datum);
    } else if (!frame.reported) {
      frame.reported = true;
      this.reportToken(PARSE.misplacedDot, this.tokens[this.index - 1]);
    }
  }

  /** `datum` follows the dot. A bracketed list never comes here: see `openList`. */
  private setTail(frame: Frame, datum: Syntax): void {
    if (datum.kind !== 'list') {
      frame.tail = datum;
      return;
    }
    for (const item of datum.items) frame.items.push(item);
    frame.tail = datum.tail;
  }

  private prefixed(frame: Frame, datum: Syntax): Syntax {
    const mark = new Identifier(frame.symbol!, this.tokenSpan(frame.open));
    return new ListSyntax([mark, datum], null, this.spanTo(frame, datum.span.endLine, datum.span.endColumn));
  }

  private labelled(frame: Frame, datum: Syntax): Syntax {
    const labelled = this.labels.complete(frame.open.image.slice(1, -1), datum);
    if (labelled === null) this.reportToken(PARSE.emptyLabel, frame.open);
    return labelled ?? datum;
  }

  private checkByte(frame: Frame, datum: Syntax): void {
    if (frame.reported) return;
    const token = this.tokens[this.index - 1];
    const value = datum.kind === 'atom' ? datum.value : null;
    const isByte = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
    if (isByte) return;
    frame.reported = true;
    this.reportToken(isNumberToken(token) ? PARSE.badByte : PARSE.notAByteNumber, token);
  }

  // ---- brackets

  private openList(token: Token): void {
    const top = this.stack[this.stack.length - 1];
    const splices = top !== undefined && isList(top) && top.dot === Dot.Read;
    if (splices) top.dot = Dot.Filled;
    this.push(splices ? FrameKind.Spliced : FrameKind.List, token, null, splices ? top.items : []);
  }

  private push(kind: FrameKind, token: Token, symbol: Sym | null = null, items: Syntax[] = []): void {
    const { place, maxDepth } = this.options;
    let line = 1;
    let column = 1;
    if (place !== null) {
      place.lines.seek(token.startOffset);
      ({ line, column } = place.lines);
    }
    this.stack.push(new Frame(kind, token, line, column, items, symbol));
    if (nests(kind) && ++this.depth > maxDepth) this.reportToken(PARSE.tooDeep, token);
  }

  private pop(): Frame {
    const frame = this.stack.pop()!;
    if (nests(frame.kind)) this.depth--;
    return frame;
  }

  private close(token: Token): void {
    const reported = this.dropUnfinishedPrefixes(token, PARSE.unexpectedCloser);
    const top = this.stack[this.stack.length - 1];
    if (top === undefined) return this.closeNothing(token, reported);
    const isSquare = tokenKind(token) === TokenKind.CloseSquare;
    if (isList(top)) {
      if (isSquare !== (top.open.image === '[')) return this.closeWrongly(token);
      if (top.dot === Dot.Read && !reported) this.reportOnce(top, PARSE.unexpectedCloser, token);
    } else if (isSquare) {
      return this.reportToken(PARSE.unexpectedCloser, token);
    }
    return this.finish(token);
  }

  /** A closer or a dot where a prefix or `#;` still waits for its datum. Returns whether there was one. */
  private dropUnfinishedPrefixes(token: Token, fault: Fault): boolean {
    let top = this.stack[this.stack.length - 1];
    if (top === undefined || top.kind < FrameKind.Prefix) return false;
    this.reportToken(top.kind === FrameKind.Comment ? LEX.emptyDatumComment : fault, token);
    while (top !== undefined && top.kind >= FrameKind.Prefix) {
      this.pop();
      top = this.stack[this.stack.length - 1];
    }
    return true;
  }

  /** A closer outside of all brackets: one report for a run of them. */
  private closeNothing(token: Token, reported: boolean): void {
    const continuesRun = this.lastStray === this.index - 2;
    this.lastStray = this.index - 1;
    if (this.quiet || reported || continuesRun) return;
    const { place } = this.options;
    const surplus = place === null ? null : likelySurplus(this.tokens, this.index - 1, place.lines);
    const related = surplus && [{ ...surplus, label: 'perhaps this one: what follows is indented as if inside' }];
    this.report(PARSE.unexpectedCloser, token.startOffset, endOf(token), related ?? undefined);
  }

  /**
   * The top frame is closed by the wrong kind of bracket. Either its own closer was forgotten and this one belongs to
   * the frame below, or it was mistyped; the frame below tells.
   */
  private closeWrongly(token: Token): void {
    const top = this.stack[this.stack.length - 1];
    if (!this.formIsTangled) {
      const related = {
        start: token.startOffset,
        end: endOf(token),
        label: 'closed here by the other kind of bracket',
      };
      this.report(PARSE.wrongCloser, top.open.startOffset, endOf(top.open), [related]);
    }
    this.formIsTangled = true;
    this.quiet = true;
    const below = this.stack[this.stack.length - 2];
    this.finish(token);
    if (below !== undefined && below.kind < FrameKind.Prefix && closes(token, below)) this.finish(token);
  }

  /** The top frame, a bracket, is complete. */
  private finish(token: Token): void {
    const frame = this.pop();
    if (frame.kind === FrameKind.Spliced) {
      this.stack[this.stack.length - 1].tail = frame.tail;
      return;
    }
    const { place } = this.options;
    if (place !== null) place.lines.seek(endOf(token));
    const span = place === null ? NO_SPAN : this.spanTo(frame, place.lines.line, place.lines.column);
    this.add(completed(frame, span));
  }

  private readDot(token: Token): void {
    const top = this.stack[this.stack.length - 1];
    if (top !== undefined && isList(top)) return this.dotInList(top, token);
    switch (top?.kind) {
      case FrameKind.Vector:
        return this.reportOnce(top, PARSE.dotInVector, token);
      case FrameKind.Bytevector:
        return this.reportOnce(top, PARSE.notAByteNumber, token);
      default:
        if (!this.dropUnfinishedPrefixes(token, PARSE.misplacedDot)) this.reportToken(PARSE.misplacedDot, token);
    }
  }

  private dotInList(frame: Frame, token: Token): void {
    if (frame.dot !== Dot.None) return this.reportOnce(frame, PARSE.multipleDots, token);
    // A spliced list shares its items with the frame below, and may be empty all the same.
    const previous = this.tokens[this.index - 2];
    if (frame.items.length === 0 || previous === frame.open) this.reportOnce(frame, PARSE.dotAtStart, token);
    frame.dot = Dot.Read;
  }

  // ---- the end of the text

  /**
   * Report what the end of the text leaves open. Returns true if reading goes on, at an earlier token: the first
   * bracket in the first column after the form's start, which probably begins a new form.
   */
  private endOfInput(): boolean {
    const top = this.stack[this.stack.length - 1];
    if (top === undefined) return false;
    const restart = this.options.maxFindings === 1 ? -1 : this.nextLineStart();
    const limit = restart === -1 ? Number.POSITIVE_INFINITY : this.tokens[restart].startOffset;
    this.forgetFrom(limit);
    if (!this.formIsTangled || this.findings.length === this.findingsBefore) {
      this.reportUnclosed(this.innermostBefore(limit), restart === -1 ? this.tokens.length : restart);
    }
    if (restart === -1 || this.isDone() || this.reread > MAX_REREAD) return false;
    this.reread += this.tokens.length - restart;
    this.giveUpForm(restart);
    return true;
  }

  /** Index of the next token after the present form's start that opens a bracket in the first column, or -1. */
  private nextLineStart(): number {
    for (let i = this.formStart + 1; i < this.tokens.length; i++) {
      if (tokenKind(this.tokens[i]) === TokenKind.Open && this.startsLine(this.tokens[i])) return i;
    }
    return -1;
  }

  /** Findings from here on will be found again. */
  private forgetFrom(offset: number): void {
    const kept = this.findings.filter(({ start }) => start < offset);
    this.findings.splice(0, this.findings.length, ...kept);
  }

  private innermostBefore(offset: number): Frame {
    let i = this.stack.length - 1;
    while (i > 0 && this.stack[i].open.startOffset >= offset) i--;
    return this.stack[i];
  }

  /** @param end  index of the token where the form ends at the latest */
  private reportUnclosed(frame: Frame, end: number): void {
    const { open } = frame;
    if (frame.kind === FrameKind.Comment) return this.reportToken(LEX.unterminatedDatumComment, open);
    if (frame.kind >= FrameKind.Prefix || frame.dot === Dot.Read) return this.reportToken(PARSE.unexpectedEnd, open);
    const fault = isList(frame) ? PARSE.unclosedList : PARSE.unclosedVector;
    return this.report(fault, open.startOffset, endOf(open), this.likelyUnclosed(open, end));
  }

  /** What indentation says about a form that is not closed. */
  private likelyUnclosed(open: Token, end: number): Finding['related'] {
    const { place } = this.options;
    const likely = place === null ? null : likelyUnclosed(this.tokens, this.formStart, end, place.lines);
    if (likely === null) return undefined;
    const { opener, closerAt } = likely;
    const missing = { start: closerAt, end: closerAt, label: 'perhaps its closing bracket is missing here' };
    if (opener.start === open.startOffset) return [missing];
    return [{ ...opener, label: 'perhaps this one: what follows is not indented inside it' }, missing];
  }

  private startsLine(token: Token): boolean {
    return token.startOffset === 0 || this.text.charCodeAt(token.startOffset - 1) === 10;
  }

  // ---- reports and spans

  private reportOnce(frame: Frame, fault: Fault, token: Token): void {
    if (frame.reported) return;
    frame.reported = true;
    this.reportToken(fault, token);
  }

  private reportToken(fault: Fault, token: Token): void {
    this.report(fault, token.startOffset, endOf(token));
  }

  private report(fault: Fault, start: number, end: number, related?: Finding['related']): void {
    this.formIsFaulty = true;
    this.findings.push({ fault, start, end, related });
  }

  private tokenSpan(token: Token): Span {
    const { place } = this.options;
    if (place === null) return NO_SPAN;
    const { source, lines } = place;
    lines.seek(token.startOffset);
    const { line, column } = lines;
    lines.seek(endOf(token));
    return new Span(source, line, column, lines.line, lines.column);
  }

  private spanTo(frame: Frame, endLine: number, endColumn: number): Span {
    const { place } = this.options;
    return place === null ? NO_SPAN : new Span(place.source, frame.line, frame.column, endLine, endColumn);
  }
}

const NIL_SYMBOL = intern('Nil');

function completed({ kind, items, tail }: Frame, span: Span): Syntax {
  if (kind === FrameKind.Vector) return new VectorSyntax(items, span);
  if (kind === FrameKind.Bytevector) return new AtomSyntax(new Bytevector(Uint8Array.from(items, byteOf)), span);
  return new ListSyntax(items, tail, span);
}

/** An element of a bytevector; 0 for one that was reported. */
function byteOf(syntax: Syntax): number {
  return syntax.kind === 'atom' && typeof syntax.value === 'number' ? syntax.value : 0;
}

const isList = (frame: Frame): boolean => frame.kind <= FrameKind.Spliced;
const nests = (kind: FrameKind): boolean => kind !== FrameKind.Spliced && kind < FrameKind.Label;

function isNumberToken(token: Token): boolean {
  return tokenKind(token) === TokenKind.Number || /^#[bodxei]/i.test(token.image);
}

/** Is this the right closer for the bracket of `frame`? */
function closes(token: Token, frame: Frame): boolean {
  return (tokenKind(token) === TokenKind.CloseSquare) === (frame.open.image === '[');
}
