// Bracket expressions: `[a-z]`, `[^[:space:]_]`, in the spelling of the host's `u` mode.
//
// Beside what the host knows they take `[:alpha:]` and the like, which are ASCII, and `[.x.]` and `[=x=]`, which are the
// one character x. Source: builtins §15.1, stdlib §12.3.

/** A pattern that cannot be translated; the message is DETAIL of the error that the program sees. */
export class PatternError extends Error {}

/** What `u` mode lets a backslash make literal. */
export const SYNTAX_CHARACTERS = '^$\\.*+?()[]{}|/';

/** The index behind the class that opens at `start`; -1 if it does not close. */
export function findClassEnd(pattern: string, start: number, hasEscapes = true): number {
  let i = start + 1;
  if (pattern[i] === '^') i++;
  // In POSIX a bracket that comes first is an element.
  if (!hasEscapes && pattern[i] === ']') i++;
  for (; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\' && hasEscapes) i++;
    else if (c === ']') return i + 1;
    else if (c === '[') i = bracketItem(pattern, i)?.last ?? i;
  }
  return -1;
}

/** The same, where a class that does not close is an error. */
export function classEnd(pattern: string, start: number, hasEscapes = true): number {
  const end = findClassEnd(pattern, start, hasEscapes);
  if (end < 0) throw new PatternError('Unterminated character class');
  return end;
}

/** `[:alpha:]`, `[.x.]` or `[=x=]` at index i of a class. */
function bracketItem(text: string, i: number): { kind: string; name: string; last: number } | null {
  const kind = text[i + 1];
  if (kind !== ':' && kind !== '.' && kind !== '=') return null;
  const close = text.indexOf(`${kind}]`, i + 2);
  // A name has no bracket in it: `[[:a]` is an ordinary class.
  if (close < 0 || text.slice(i + 2, close).includes(']')) return null;
  return { kind, name: text.slice(i + 2, close), last: close + 1 };
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
  d: '0-9',
  s: ' \\t\\n\\v\\f\\r',
  w: 'A-Za-z0-9_',
};

/** A whole class, brackets included, in the host's spelling. Without escapes (POSIX) a backslash is an element. */
export function translateClass(text: string, hasEscapes = true): string {
  const isNegated = text[1] === '^';
  const start = isNegated ? 2 : 1;
  const end = text.length - 1;
  let out = isNegated ? '[^' : '[';
  for (let i = start; i < end; ) {
    const c = text[i];
    const item = c === '[' ? bracketItem(text, i) : null;
    if (item !== null) {
      out += itemSource(item.kind, item.name);
      i = item.last + 1;
    } else if (c === '\\' && hasEscapes) {
      const escaped = classEscape(text, i);
      out += escaped.source;
      i = escaped.end;
    } else {
      out += c === '\\' || c === '[' || c === ']' ? `\\${c}` : c;
      i++;
    }
  }
  return `${out}]`;
}

function itemSource(kind: string, name: string): string {
  if (kind === ':') {
    const range = POSIX_CLASSES[name.toLowerCase()];
    if (range === undefined) throw new PatternError(`Invalid character class [:${name}:]`);
    return range;
  }
  if ([...name].length !== 1) throw new PatternError(`Invalid collating element [${kind}${name}${kind}]`);
  return '^\\]-['.includes(name) ? `\\${name}` : name;
}

function classEscape(text: string, i: number): { source: string; end: number } {
  const property = /^\\[pP]\{[^}]*\}|^\\u\{[^}]*\}/.exec(text.slice(i, i + 80))?.[0];
  if (property !== undefined) return { source: property, end: i + property.length };
  const c = String.fromCodePoint(text.codePointAt(i + 1) as number);
  const end = i + 1 + c.length;
  // `\B` means nothing in a class, `\b` is the backspace there.
  const isMeaningful = 'dDwWsSbtnvfrcxu0-'.includes(c) || SYNTAX_CHARACTERS.includes(c);
  return { source: isMeaningful ? `\\${c}` : c, end };
}
