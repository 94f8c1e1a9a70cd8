// Datum labels: #0=… and #0#, which write down data with sharing and cycles (R7RS §2.4).
//
// They belong to data, so a labelled list or vector is turned into a plain value at once, and stands in the syntax as an
// atom, which every reference shares. A reference from inside the label's own datum holds a Placeholder at first; the
// placeholders are replaced as soon as no label is open any more. Each part of a value is walked once, however labels
// nest.

import type { Span } from '../values/span.ts';
import { Pair, type Value, Vector } from '../values/types.ts';
import { AtomSyntax, type Syntax } from './syntax.ts';
import { syntaxToDatum } from './syntax-data.ts';

class Placeholder {
  value: Value | null = null;
}

interface Label {
  readonly placeholder: Placeholder;
  /** Null while the datum is being read. */
  syntax: Syntax | null;
}

export class Labels {
  private readonly table = new Map<string, Label>();
  /** Values in which nothing is left to replace. */
  private readonly clean = new Set<Value>();
  private open = 0;
  /** Are there placeholders in the data of the labels that are open? */
  private unresolved = false;

  /** Begin `#N=`. False if the outermost datum has that label already. */
  begin(name: string): boolean {
    if (this.table.has(name)) return false;
    this.table.set(name, { placeholder: new Placeholder(), syntax: null });
    this.open++;
    return true;
  }

  /** What `#N#` stands for, or null if there is no such label. */
  reference(name: string, span: Span): Syntax | null {
    const label = this.table.get(name);
    if (label === undefined) return null;
    if (label.syntax !== null) return label.syntax;
    this.unresolved = true;
    return new AtomSyntax(label.placeholder, span);
  }

  /** The datum of `#N=` is read. Returns what stands in its place, or null if it is nothing but a reference. */
  complete(name: string, syntax: Syntax): Syntax | null {
    const label = this.table.get(name)!;
    this.open--;
    const isCompound = syntax.kind === 'list' || syntax.kind === 'vector';
    label.syntax = isCompound ? new AtomSyntax(syntaxToDatum(syntax), syntax.span) : syntax;
    if (label.syntax instanceof AtomSyntax) {
      const { value } = label.syntax;
      if (value instanceof Placeholder) return null;
      label.placeholder.value = value;
      if (this.open === 0 && this.unresolved) {
        this.unresolved = false;
        this.replaceIn(value);
      }
    }
    return label.syntax;
  }

  /** The outermost datum is complete: labels do not reach beyond it. */
  clear(): void {
    if (this.table.size === 0) return;
    this.table.clear();
    this.clean.clear();
    this.open = 0;
    this.unresolved = false;
  }

  private replaceIn(root: Value): void {
    const pending = [root];
    const visit = (part: Value): Value => {
      const value = part instanceof Placeholder ? part.value! : part;
      if (value instanceof Pair || value instanceof Vector) pending.push(value);
      return value;
    };
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      if (this.clean.has(value)) continue;
      this.clean.add(value);
      if (value instanceof Pair) {
        value.car = visit(value.car);
        value.cdr = visit(value.cdr);
      } else if (value instanceof Vector) {
        for (let i = 0; i < value.items.length; i++) value.items[i] = visit(value.items[i]);
      }
    }
  }
}
