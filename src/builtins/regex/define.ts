// The regex builtins, and the cache of the patterns that are given as strings.
//
// `%regex-replace-fn` calls back into Eta and is therefore written in Eta, over three helpers that are defined here:
//
//     (%regex-replace-matches re s proc)     checks the arguments; the list of matches
//     (%regex-replace-text value)            the value, which must be a string
//     (%regex-replace-join s matches texts)  s with each match replaced by its text
//
// Source: builtins §15.

import type { Define } from '../../bytecode/builtin-table.ts';
import type { BuiltinDoc } from '../../bytecode/procedures.ts';
import { typeError } from '../../values/errors.ts';
import { HeapObject, intern, listFrom, listToArray, Sym, type Value, Vector } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { matchVector, offsetsOf, replaceMatches, splitAtMatches } from './match.ts';
import { GRAMMARS, type Grammar } from './posix.ts';
import { compileRegex, flagNames, NO_FLAGS, OPTIONS, type Option, Regex, type RegexFlags } from './regex.ts';

const CACHE_ENTRIES = 128;

/** Compiled patterns, least recently used first. A pattern that does not compile is a miss and no compile. */
class RegexCache {
  private readonly entries = new Map<string, Regex>();
  private hits = 0;
  private misses = 0;
  private compiles = 0;
  private evictions = 0;

  get(pattern: string, who: string): Regex {
    const known = this.entries.get(pattern);
    if (known !== undefined) {
      this.hits++;
      this.entries.delete(pattern);
      this.entries.set(pattern, known);
      return known;
    }
    this.misses++;
    const regex = compileRegex(pattern, NO_FLAGS, who);
    this.compiles++;
    this.entries.set(pattern, regex);
    if (this.entries.size > CACHE_ENTRIES) {
      this.evictions++;
      this.entries.delete(this.entries.keys().next().value as string);
    }
    return regex;
  }

  stats(): Value {
    return new Vector([this.hits, this.misses, this.compiles, this.evictions, this.entries.size]);
  }

  reset(): void {
    this.entries.clear();
    this.hits = 0;
    this.misses = 0;
    this.compiles = 0;
    this.evictions = 0;
  }
}

/** How a builtin gets its regex: from a regex object, or from a pattern by way of the cache. */
type WantRegex = (value: Value, who: string) => Regex;

const wantRegex: WantRegex = (value, who) => {
  if (!(value instanceof Regex)) throw typeError(`${who}: first argument must be a regex`, value);
  return value;
};

const wantText = (value: Value, who: string, position: string): string =>
  wantString(value, `${who}: ${position} argument must be a string`);

export function defineRegex(define: Define): void {
  const cache = new RegexCache();
  const wantCached: WantRegex = (value, who) => cache.get(wantText(value, who, 'first'), who);

  defineObjects(define);
  defineMatching(define, '', wantRegex);
  defineReplaceHelpers(define);
  defineMatching(define, '-str', wantCached);

  define(
    '(%regex-cache-stats)',
    {
      doc: 'The counters of the pattern cache: #(hits misses compiles evictions entries).',
      spec: 'builtins §15.2',
    },
    () => cache.stats(),
  );
  define('(%regex-cache-reset!)', { doc: 'Empty the pattern cache and its counters.', spec: 'builtins §15.2' }, () => {
    cache.reset();
    return true;
  });
}

function defineObjects(define: Define): void {
  define(
    '(%regex-compile pattern flags)',
    {
      doc: 'A regex object. flags is a list of symbols: a grammar (ecmascript basic extended awk grep egrep), icase multiline nosubs optimize collate.',
      errors: 'pattern is not a string or is malformed (runtime.regex-error); an unknown flag',
      spec: 'builtins §15.2',
    },
    (pattern: Value, flags: Value) => {
      const text = wantString(pattern, '%regex-compile: pattern must be a string');
      return compileRegex(text, wantFlags(flags), '%regex-compile');
    },
  );

  define(
    '(%regex? value)',
    { doc: 'Whether value is a regex object.', spec: 'builtins §15.2' },
    (value: Value) => value instanceof Regex,
  );

  const errors = 'regex is not a regex object';
  define(
    '(%regex-pattern regex)',
    { doc: 'The pattern as it was given.', errors, spec: 'builtins §15.2' },
    (regex: Value) => wantRegex(regex, '%regex-pattern').pattern,
  );
  define(
    '(%regex-flags regex)',
    { doc: 'The list of the grammar and the options.', errors, spec: 'builtins §15.2' },
    (regex: Value) => listFrom(flagNames(wantRegex(regex, '%regex-flags').flags).map(intern)),
  );

  define(
    '(%regex-quote text)',
    {
      doc: 'A pattern that matches text as it is.',
      errors: 'text is not a string',
      spec: 'builtins §15.2',
    },
    (text: Value) => wantString(text, '%regex-quote: argument must be a string').replace(/[\\.^$|()[\]{}*+?]/g, '\\$&'),
  );
}

function wantFlags(value: Value): RegexFlags {
  const items = listToArray(value);
  if (items === null) throw typeError('%regex-compile: expected a proper list', value);
  let grammar: Grammar = 'ecmascript';
  const options = new Set<string>();
  for (const item of items) {
    if (!(item instanceof Sym)) throw typeError('%regex-compile: expected symbol in flags list', item);
    const name = item.name.replace(/^:/, '');
    if (isOneOf(GRAMMARS, name)) grammar = name;
    else if (isOneOf(OPTIONS, name)) options.add(name);
    else throw typeError(`%regex-compile: unknown regex flag '${name}'`);
  }
  return { grammar, options: OPTIONS.filter((option: Option) => options.has(option)) };
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

/** The five operations, once on regex objects and once (`suffix` -str) on patterns. */
function defineMatching(define: Define, suffix: string, want: WantRegex): void {
  const what = suffix === '' ? 'regex' : 'pattern';
  const doc = (text: string): BuiltinDoc => ({
    doc: text,
    errors: `${what} is not a ${what === 'regex' ? 'regex object' : 'string or is malformed'}; text is not a string`,
    spec: 'builtins §15.2',
  });

  const matchName = `%regex-match?${suffix}`;
  define(`(${matchName} ${what} text)`, doc('Whether the whole of text matches.'), (regex: Value, text: Value) => {
    const compiled = want(regex, matchName);
    return compiled.matchesWhole(wantText(text, matchName, 'second'));
  });

  const searchName = `%regex-search${suffix}`;
  define(
    `(${searchName} ${what} text start)`,
    doc('The first match at or after the character start, or #f.'),
    (regex: Value, text: Value, start: Value) => {
      const compiled = want(regex, searchName);
      return search(compiled, wantText(text, searchName, 'second'), wantStart(start, searchName));
    },
  );

  const findName = `%regex-find-all${suffix}`;
  define(`(${findName} ${what} text)`, doc('The list of all matches, left to right.'), (regex: Value, text: Value) => {
    const compiled = want(regex, findName);
    return findAll(compiled, wantText(text, findName, 'second'));
  });

  const replaceName = `%regex-replace${suffix}`;
  define(
    `(${replaceName} ${what} text format)`,
    doc('text with all matches replaced by format, in which $& is the match, $n group n, $<name> a named group.'),
    (regex: Value, text: Value, format: Value) => {
      const compiled = want(regex, replaceName);
      const input = wantText(text, replaceName, 'second');
      return replaceMatches(compiled, input, wantText(format, replaceName, 'third'));
    },
  );

  const splitName = `%regex-split${suffix}`;
  define(
    `(${splitName} ${what} text)`,
    doc('The vector of the pieces of text between matches.'),
    (regex: Value, text: Value) => {
      const compiled = want(regex, splitName);
      return new Vector(splitAtMatches(compiled, wantText(text, splitName, 'second')));
    },
  );
}

function wantStart(value: Value, who: string): number {
  if ((typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint') {
    if (value >= 0) return Number(value);
  }
  throw typeError(`${who}: start must be a non-negative integer`, value);
}

function search(regex: Regex, text: string, start: number): Value {
  const offsets = offsetsOf(text);
  if (start > offsets.length) return false;
  const match = regex.matchFrom(text, offsets.toUnit(start));
  return match === null ? false : matchVector(regex, match, text, offsets);
}

function findAll(regex: Regex, text: string): Value {
  const offsets = offsetsOf(text);
  return listFrom(Array.from(regex.matches(text), (match) => matchVector(regex, match, text, offsets)));
}

const PROCEDURE_KINDS: readonly string[] = ['Closure', 'Primitive', 'Continuation'];

function defineReplaceHelpers(define: Define): void {
  define(
    '(%regex-replace-matches regex text callback)',
    {
      doc: 'The matches that %regex-replace-fn is to replace.',
      errors: 'regex is not a regex object; text is not a string; callback is not a procedure',
      spec: 'builtins §15.2',
    },
    (regex: Value, text: Value, callback: Value) => {
      const compiled = wantRegex(regex, '%regex-replace-fn');
      const input = wantText(text, '%regex-replace-fn', 'second');
      if (!(callback instanceof HeapObject && PROCEDURE_KINDS.includes(callback.kind))) {
        throw typeError('%regex-replace-fn: callback must be a procedure', callback);
      }
      return findAll(compiled, input);
    },
  );

  define(
    '(%regex-replace-text value)',
    {
      doc: 'What the callback of %regex-replace-fn has returned.',
      errors: 'it is not a string',
      spec: 'builtins §15.2',
    },
    (value: Value) => wantString(value, '%regex-replace-fn: callback must return a string'),
  );

  define(
    '(%regex-replace-join text matches texts)',
    {
      doc: 'text with each of the matches replaced by the corresponding one of texts.',
      spec: 'builtins §15.2',
    },
    (text: Value, matches: Value, texts: Value) =>
      joinReplaced(wantString(text, '%regex-replace-join: first argument must be a string'), matches, texts),
  );
}

/** A callback may have changed the match vectors that it was given; what it did to the offsets counts. */
function joinReplaced(text: string, matches: Value, texts: Value): string {
  const offsets = offsetsOf(text);
  const replacements = listToArray(texts) ?? [];
  let out = '';
  let last = 0;
  for (const [i, match] of (listToArray(matches) ?? []).entries()) {
    const [start, end] = (match as Vector).items as number[];
    out += text.slice(last, offsets.toUnit(start)) + replacements[i];
    last = offsets.toUnit(end);
  }
  return out + text.slice(last);
}
