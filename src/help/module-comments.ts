// The documentation that is written in a module's text: `;;;` comments.
//
//   ;;; std.math: constants, rounding.              heads the file: above the module, or alone at the beginning
//
//   ;;; (clamp x lo hi): x, or the bound that it    above a definition: usage, colon, what it does and gives;
//   ;;; lies beyond. Error: `min: …`.               a sentence that begins with Error: or Errors: says when it raises;
//   ;;;   (clamp 5 0 3) ; => 3                      indented lines that begin with a bracket are examples
//   (define (clamp x lo hi) …)
//
// One comment may document several names, each from a line that begins with its usage: what a record type defines, for
// example. Of several lines (define name other), one below the other, the first has the documentation of all. Nothing of
// this is there at run time.

import type { Documentation } from './documentation.ts';

export interface ModuleText {
  /** The comment at the head of the file, without its semicolons. */
  readonly head: string;
  /** The names in its export forms, in their order. */
  readonly exports: readonly string[];
  /** What is documented, by name. */
  readonly entries: ReadonlyMap<string, Documentation>;
  /** What is defined without a word: its usage and place. */
  readonly undocumented: ReadonlyMap<string, Documentation>;
}

const DEFINITION = /^\s*\((def\S*)\s+\(?([^\s()]+)\s*([^()]*)/;
const MODULE = /^\s*\(module\s/;
/** Names that documentation begins with. */
const CODE_WORDS: ReadonlySet<string> = new Set(['foldl', 'foldr', 'ok', 'map', 'end']);
/** One more name of something. */
const ALIAS = /^\s*\(define [^\s()]+ [^\s()]+\)+$/;
/** A line that begins the documentation of a name: `(name …): text`, `name: text`. */
const USAGE = /^(?:(\((\S+?)(?:\s[^)]*?(?:\([^)]*\)[^)]*?)*)?\))|(\S+?)): (.*)$/;

/** A line of an example says what comes of it. */
const ANNOTATED = /^ {2,}.*; (?:=>|prints|error) /;

/** @param path  of the file, for `source`; null for a text that is none */
export function readModuleText(text: string, module: string, path: string | null): ModuleText {
  const lines = text.split('\n');
  const entries = new Map<string, Documentation>();
  const undocumented = new Map<string, Documentation>();
  let comment: string[] = [];
  let head: string | null = null;
  /** The documentation that the definition before this line had, if nothing lies between. */
  let shared: Documentation | null = null;
  lines.forEach((line, index) => {
    const content = /^\s*;;;( ?.*)$/.exec(line)?.[1];
    if (content !== undefined) {
      comment.push(content.replace(/^ /, ''));
      return;
    }
    const definition = DEFINITION.exec(line);
    if (definition !== null) {
      const [, definer, name] = definition;
      const source = path === null ? null : { path, line: index + 1 };
      const whole = (each: Described): Documentation => ({ ...each, kind: kindOf(definer, each), module, source });
      const documented = documentedIn(comment, name).map(whole);
      for (const each of documented) entries.set(each.name, each);
      if (documented.length === 0) undocumented.set(name, whole({ name, usage: usageIn(line, name), ...NOTHING }));
      const own = entries.get(name);
      const isAlias = ALIAS.test(line);
      if (own === undefined && shared !== null && isAlias) entries.set(name, renamed(shared, name));
      shared = isAlias ? (own ?? shared) : null;
    } else if (line.trim() === '') {
      shared = null;
    }
    const isHead = MODULE.test(line) || (line.trim() === '' && entries.size === 0);
    if (isHead && comment.length > 0) head ??= comment.join('\n').trim();
    if (line.trim() !== '' || comment.length > 0) comment = [];
  });
  for (const { name, usage, at } of recordsIn(text)) {
    const source = path === null ? null : { path, line: text.slice(0, at).split('\n').length };
    undocumented.set(name, { name, usage, ...NOTHING, kind: 'procedure', module, source });
  }
  return { head: head ?? '', exports: exportsIn(text), entries, undocumented };
}

/** The names in the export forms of a text. */
export function exportsIn(text: string): string[] {
  const code = text.replace(/;.*/g, '');
  return [...code.matchAll(/\(export\s+([^()]*)\)/g)].flatMap(([, names]) => names.trim().split(/\s+/));
}

type Described = Omit<Documentation, 'kind' | 'module' | 'source'>;

const NOTHING = { doc: '', errors: '', example: '' };

/** How definitions say what they are called with: `(define (f a . b) …)`, `(defun f (a) …)`, `(define f (lambda (a) …))`. */
const PARAMETERS = [
  /^\s*\(def(?:ine)?\s+\([^\s()]+([^()]*)\)/,
  /^\s*\(defun\s+[^\s()]+\s+\(([^()]*)\)/,
  /^\s*\(def(?:ine)?\s+[^\s()]+\s+\(lambda\s+\(([^()]*)\)/,
];

function usageIn(definition: string, name: string): string {
  const parameters = PARAMETERS.map((pattern) => pattern.exec(definition)?.[1]).find((each) => each !== undefined);
  if (parameters === undefined) return name;
  return `(${`${name} ${parameters.trim()}`.trim().replace(/ ?\. (\S+)$/, ' $1 …')})`;
}

/** `(define-record-type box (make-box x) box? (x box-x set-box-x!) …)`: the parts between the brackets. */
const RECORD =
  /^[^;\n]*\(define-record-type\s+\(?([^\s()]+)\)?\s+(?:\(([^\s()]+)([^()]*)\)|[^\s()]+)\s+([^\s()]+)((?:\s*\([^()]*\))*)/gm;

/** The procedures that a record type defines. */
function* recordsIn(text: string): Generator<{ name: string; usage: string; at: number }> {
  for (const { 1: type, 2: maker, 3: fields, 4: predicate, 5: rest, index: at } of text.matchAll(RECORD)) {
    if (maker !== undefined) yield { name: maker, usage: `(${maker}${fields.replace(/\s+/g, ' ').trimEnd()})`, at };
    yield { name: predicate, usage: `(${predicate} value)`, at };
    for (const [, field] of rest.matchAll(/\(([^()]*)\)/g)) {
      const [name, accessor, modifier] = field.trim().split(/\s+/);
      if (accessor !== undefined) yield { name: accessor, usage: `(${accessor} ${type})`, at };
      if (modifier !== undefined) yield { name: modifier, usage: `(${modifier} ${type} ${name})`, at };
    }
  }
}

const kindOf = (definer: string, { usage }: Described): Documentation['kind'] => {
  if (definer === 'define-syntax') return 'macro';
  return usage.startsWith('(') ? 'procedure' : 'variable';
};

/** What a comment says: of the names that it gives the usage of; without any, of the name that is defined below it. */
function documentedIn(comment: readonly string[], defined: string): Described[] {
  if (comment.length === 0) return [];
  const parts: { usage: string; name: string; lines: string[] }[] = [];
  for (const line of comment) {
    const [, usage, called, named, rest] = USAGE.exec(line) ?? [];
    const name = called ?? (named === defined ? named : undefined);
    if (name !== undefined) parts.push({ usage: usage ?? name, name, lines: [rest] });
    else if (parts.length === 0) parts.push({ usage: defined, name: defined, lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.map(({ usage, name, lines }) => {
    const description = describe(lines);
    return { name, usage, ...description, doc: asSentence(description.doc, usage) };
  });
}

/** The text behind a colon as a sentence of its own, unless it begins with a name or a symbol. */
function asSentence(text: string, usage: string): string {
  const [word] = /^[a-z]+(?=[ ,.?'])/.exec(text) ?? [''];
  const isName = (word.length < 2 && word !== 'a') || CODE_WORDS.has(word) || usage.split(/[\s()[\]]+/).includes(word);
  return isName ? text : word[0].toUpperCase() + text.slice(1);
}

function describe(lines: readonly string[]): Pick<Documentation, 'doc' | 'errors' | 'example'> {
  const example: string[] = [];
  const prose: string[] = [];
  for (const line of lines) {
    const isExample = /^ {2,}\(/.test(line) || ANNOTATED.test(line) || (example.length > 0 && line.startsWith('   '));
    (isExample ? example : prose).push(line);
  }
  const text = prose.join('\n').trim();
  const [doc, errors] = splitErrors(text);
  return { doc, errors, example: unindented(example) };
}

/** What follows `Error:` or `Errors:` says when it raises. */
function splitErrors(text: string): [doc: string, errors: string] {
  const match = /(?:^|\s)Errors?(?:, here as below)?(?: (?:for|without) [^:]*)?: /.exec(text);
  if (match === null) return [text, ''];
  const errors = text
    .slice(match.index)
    .trim()
    .replace(/^Errors?(?:, here as below)?:? /, '');
  return [text.slice(0, match.index).trim(), errors.replace(/\s+/g, ' ')];
}

function unindented(lines: readonly string[]): string {
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** The same documentation of another name. */
export const renamed = (documentation: Documentation, name: string): Documentation => ({
  ...documentation,
  name,
  usage: documentation.usage.replace(documentation.name, () => name),
  example: documentation.example.replaceAll(`(${documentation.name} `, () => `(${name} `),
});
