// Examples of documentation: forms with what comes of them.
//
//   form    ; => V        `write` prints V for the form's value
//   form    ; prints T    the form prints the line T; further lines follow as comments of their own
//   form    ; error M     the form raises an error with the message M
//
// A form begins at the start of a line and goes on until the next such line. Forms are run one after the other.

export interface ExampleForm {
  readonly code: string;
  /** Null for a form that is run for those that follow it. */
  readonly kind: '=>' | 'prints' | 'error' | null;
  readonly expected: string;
}

/** What a form has done. */
export interface Ran {
  /** As `write` prints it; null if there is none. */
  readonly value: string | null;
  /** Without a line end at its end. */
  readonly output: string;
  /** The message of the error that ended it. */
  readonly error: string | null;
}

const ANNOTATION = /(?:^|\s+); (=>|prints|error) (.*)$/;

export function exampleForms(example: string): ExampleForm[] {
  const forms: { lines: string[]; kind: ExampleForm['kind']; expected: string[] }[] = [];
  for (const line of example.split('\n')) {
    const match = ANNOTATION.exec(line);
    const code = match === null ? line : line.slice(0, match.index);
    if (/^[^\s;]/.test(code)) forms.push({ lines: [], kind: null, expected: [] });
    const form = forms.at(-1);
    if (form === undefined) continue;
    if (code !== '') form.lines.push(code);
    if (match === null) continue;
    form.kind = match[1] as ExampleForm['kind'];
    form.expected.push(match[2]);
  }
  return forms.map(({ lines, kind, expected }) => ({ code: lines.join('\n'), kind, expected: expected.join('\n') }));
}

/** What came of a form where its annotation says something else; null if it is as it says. */
export function mismatch({ kind, expected }: ExampleForm, { value, output, error }: Ran): string | null {
  if (kind === 'error') return error === expected ? null : (error ?? `no error, but ${value}`);
  if (error !== null) return `error: ${error}`;
  if (kind === null) return null;
  const actual = kind === '=>' ? (value ?? 'no value') : output;
  return actual === expected ? null : actual;
}
