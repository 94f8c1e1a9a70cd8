// Match objects, replacement texts and splitting: what programs see of a match.
//
// A match object is the vector #(start end groups named input), offsets counted in characters. Matches are found in code
// units; the two differ only in texts with characters beyond U+FFFF, for which a table is made once a call.
//
// Source: builtins §15.2, stdlib §12.2, §12.3.

import { intern, listFrom, Pair, type Value, Vector } from '../../values/types.ts';
import type { Match, Regex, UnitSpan } from './regex.ts';

/** Texts from this length on are remembered. */
const LONG = 1000;
let longText = '';
let longOffsets: Offsets | null = null;

/**
 * The offsets of a text. Those of the last long one are kept: a program that goes through it match by match asks again
 * and again, and each time all of it would have to be looked at.
 */
export function offsetsOf(text: string): Offsets {
  if (text.length < LONG) return new Offsets(text);
  if (longOffsets === null || text !== longText) {
    longText = text;
    longOffsets = new Offsets(text);
  }
  return longOffsets;
}

/** Converts between offsets in code units and in characters of one text. */
class Offsets {
  /** Characters before each code unit; null where the two are the same. */
  private readonly table: Uint32Array | null;

  constructor(private readonly text: string) {
    this.table = /[\ud800-\udfff]/.test(text) ? countCharacters(text) : null;
  }

  /** Length of the text in characters. */
  get length(): number {
    return this.table === null ? this.text.length : this.table[this.text.length];
  }

  toCharacter(unit: number): number {
    return this.table === null ? unit : this.table[unit];
  }

  /** `character` is at most the length. */
  toUnit(character: number): number {
    if (this.table === null) return character;
    let low = character;
    let high = this.text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.table[middle] < character) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function countCharacters(text: string): Uint32Array {
  const table = new Uint32Array(text.length + 1);
  for (let unit = 0; unit < text.length; unit++) {
    // A character ends behind the second unit of its pair, so a search finds its first unit.
    const isFirstOfPair = (text.charCodeAt(unit) & 0xfc00) === 0xd800;
    table[unit + 1] = table[unit] + (isFirstOfPair ? 0 : 1);
  }
  return table;
}

export function matchVector(regex: Regex, match: Match, text: string, offsets: Offsets): Vector {
  const span = (units: UnitSpan | undefined): Value =>
    units === undefined ? false : new Pair(offsets.toCharacter(units[0]), offsets.toCharacter(units[1]));
  const named = [...regex.names].map(([name, group]) => new Pair(intern(name), span(match.groups[group])));
  return new Vector([
    offsets.toCharacter(match.start),
    offsets.toCharacter(match.end),
    new Vector(match.groups.map(span)),
    listFrom(named),
    text,
  ]);
}

/** A piece of a replacement text. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly group: number }
  | { readonly kind: 'before' | 'after' };

const PLACEHOLDER = /\$(?:(\$)|(&)|(`)|(')|(\d\d?)|<([^>]*)>)/g;

/** Take a replacement text apart, once for all matches. A `$` that begins nothing is literal. */
function parseReplacement(format: string, names: ReadonlyMap<string, number>): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of format.matchAll(PLACEHOLDER)) {
    const piece = placeholder(found, names);
    if (piece === null) continue;
    pieces.push({ kind: 'text', text: format.slice(last, found.index) }, piece);
    last = found.index + found[0].length;
  }
  pieces.push({ kind: 'text', text: format.slice(last) });
  return pieces;
}

function placeholder(found: RegExpExecArray, names: ReadonlyMap<string, number>): Piece | null {
  const [, dollar, whole, before, after, digits, name] = found;
  if (dollar !== undefined) return { kind: 'text', text: '$' };
  if (whole !== undefined) return { kind: 'group', group: 0 };
  if (before !== undefined) return { kind: 'before' };
  if (after !== undefined) return { kind: 'after' };
  if (digits !== undefined) return { kind: 'group', group: Number(digits) };
  const group = names.get(name);
  return group === undefined ? null : { kind: 'group', group: group };
}

/** Replace all matches by the expansion of `format`. */
export function replaceMatches(regex: Regex, text: string, format: string): string {
  const pieces = parseReplacement(format, regex.names);
  let out = '';
  let last = 0;
  for (const match of regex.matches(text)) {
    const before = text.slice(last, match.start);
    out += before;
    for (const piece of pieces) {
      if (piece.kind === 'text') out += piece.text;
      else if (piece.kind === 'group') out += groupText(text, match.groups[piece.group]);
      else out += piece.kind === 'before' ? before : text.slice(match.end);
    }
    last = match.end;
  }
  return out + text.slice(last);
}

function groupText(text: string, span: UnitSpan | undefined): string {
  return span === undefined ? '' : text.slice(span[0], span[1]);
}

/** The pieces between matches, empty ones too. */
export function splitAtMatches(regex: Regex, text: string): string[] {
  const pieces: string[] = [];
  let last = 0;
  for (const match of regex.matches(text)) {
    pieces.push(text.slice(last, match.start));
    last = match.end;
  }
  pieces.push(text.slice(last));
  return pieces;
}
