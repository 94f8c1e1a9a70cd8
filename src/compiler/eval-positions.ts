// Where the parts of an `eval`'s datum stand: as if it had been written out at line 4, column 7 of file 0, which is what
// the spans of errors in evaluated code have always said (language §13).

import { AtomSyntax, datumToSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from '../reader/index.ts';
import { keepOrigin } from '../reader/syntax-data.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import { writeText } from '../values/printer.ts';
import { NO_SOURCE, Source, Span } from '../values/span.ts';
import { NIL, Pair, Sym, type Value, Vector } from '../values/types.ts';

const LINE = 4;
const COLUMN = 7;
/** A datum with more parts, or deeper ones, stands at one place as a whole; a cyclic one has no end. */
const MAX_PARTS = 5_000;
const MAX_DEPTH = 200;

class TooLarge extends Error {}

/** The same findings where they stand in the datum's own text. */
export function withinDatum(findings: readonly Diagnostic[], datum: Value): Diagnostic[] {
  const source = new Source('eval', null, writeText(datum));
  const moved = (span: Span) =>
    span.source === NO_SOURCE && span.startLine === LINE
      ? new Span(source, 1, span.startColumn - COLUMN + 1, 1, span.endColumn - COLUMN + 1)
      : span;
  return findings.map((finding) => ({
    ...finding,
    span: moved(finding.span),
    related: finding.related?.map(({ span, label }) => ({ span: moved(span), label })),
  }));
}

/** The syntax of a datum, its parts with spans. */
export function syntaxOfEval(datum: Value): Syntax {
  try {
    return new Writer().place(datum, 0);
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw thrown;
    return datumToSyntax(datum, new Span(NO_SOURCE, LINE, COLUMN, LINE, COLUMN));
  }
}

/** Goes through a datum as the printer would, counting columns. */
class Writer {
  private column = COLUMN;
  private parts = 0;

  place(datum: Value, depth: number): Syntax {
    if (++this.parts > MAX_PARTS || depth > MAX_DEPTH) throw new TooLarge();
    const start = this.column;
    const span = () => new Span(NO_SOURCE, LINE, start, LINE, this.column);
    if (datum instanceof Pair) {
      const [items, tail] = this.elements('(', datum, depth);
      return keepOrigin(new ListSyntax(items, tail, span()), datum);
    }
    if (datum instanceof Vector) {
      this.column += 1;
      const [items] = this.elements('(', datum.items, depth);
      return keepOrigin(new VectorSyntax(items, span()), datum);
    }
    this.column += Buffer.byteLength(writeText(datum));
    if (datum === NIL) return new ListSyntax([], null, span());
    return datum instanceof Sym ? new Identifier(datum, span()) : new AtomSyntax(datum, span());
  }

  private elements(open: string, data: Pair | readonly Value[], depth: number): [Syntax[], Syntax | null] {
    this.column += open.length;
    const items: Syntax[] = [];
    let tail: Syntax | null = null;
    const add = (datum: Value) => {
      if (items.length > 0) this.column += 1;
      items.push(this.place(datum, depth + 1));
    };
    if (data instanceof Pair) {
      let rest: Value = data;
      for (; rest instanceof Pair; rest = rest.cdr) add(rest.car);
      if (rest !== NIL) {
        this.column += ' . '.length;
        tail = this.place(rest, depth + 1);
      }
    } else data.forEach(add);
    this.column += 1;
    return [items, tail];
  }
}
