// What is known of a name.

export type DocumentedKind = 'special form' | 'macro' | 'builtin' | 'procedure' | 'variable' | 'module';

export interface Documentation {
  readonly name: string;
  readonly kind: DocumentedKind;
  /** How it is called, `(f a [b] …)`; the name itself for what is not called. */
  readonly usage: string;
  /** What it does and gives: its first sentence stands alone. Empty where nothing is known. */
  readonly doc: string;
  /** When it raises; empty where nothing is known. */
  readonly errors: string;
  /** Programs, one or more lines: `(car '(1 2)) ; => 1`. Empty where there are none. */
  readonly example: string;
  /** The module to import; null for what every module sees. */
  readonly module: string | null;
  /** Where it is defined, if there is a text: the path of a file, and a line counted from 1. */
  readonly source: { readonly path: string; readonly line: number } | null;
  /** Of a module: the names that it exports. */
  readonly exports?: readonly string[];
}

/** The first sentence of a documentation, for lists. */
export function summaryOf({ doc }: Pick<Documentation, 'doc'>): string {
  const text = doc.replace(/\s+/g, ' ');
  // A dot of its own, as in (key . value), ends no sentence.
  return /^.*?\S[.;:](?= |$)/.exec(text)?.[0].replace(/[.;:]$/, '') ?? text;
}
