// The text of a result at the prompt: what `write` prints, within limits, broken into lines of the terminal's width.
//
//   value  →  an outline, no larger than the limits allow  →  one line if it fits, else items below one another
//
// Building the outline first bounds the work: a list of ten million elements is shown as fast as one of a hundred.
// `…` stands for what is left out. A part that contains itself gets a datum label, as `write` gives it (README V11).
//
// Source: tools §16.3.

import { textWidth } from '../values/display-width.ts';
import { writeText } from '../values/printer.ts';
import { HeapObject, NIL, Pair, type PrintParts, type Value, Vector } from '../values/types.ts';

export interface ResultLimits {
  /** Items of one list, vector or map; characters of a string ten times as many. */
  readonly items: number;
  /** Nesting. */
  readonly depth: number;
  /** Columns; lines are not broken at Infinity. */
  readonly width: number;
}

export interface ResultText {
  readonly text: string;
  /** Whether something was left out. */
  readonly isElided: boolean;
}

export const NO_LIMITS: ResultLimits = {
  items: Number.POSITIVE_INFINITY,
  depth: Number.POSITIVE_INFINITY,
  width: Number.POSITIVE_INFINITY,
};

/** All parts of a result together, in multiples of the limit of one list. */
const TOTAL_FACTOR = 10;
const STRING_FACTOR = 10;
const ELISION = '…';

/** @param indent  columns in front of the first line; the further lines are indented as much */
export function resultText(value: Value, limits: ResultLimits, indent = 0): ResultText {
  if (limits.depth === Number.POSITIVE_INFINITY) return { text: writeText(value), isElided: false };
  const outliner = new Outliner(limits);
  const outline = outliner.outline(value, 0);
  numberLabels(outline, { next: 0 });
  return { text: layOut(outline, indent, limits.width, 0).join('\n'), isElided: outliner.isElided };
}

// ---- outlines

/** What is shown of a compound value. */
class Group {
  /** Whether a part of it refers back to it. */
  isLabelled = false;
  label = -1;
  /** How it looks on one line, once that is known. */
  flat: string | null = null;
  items: Outline[] = [];
  constructor(
    readonly open: string,
    public close: string,
    /** What stands between items `index` and `index + 1`. */
    readonly after: (index: number) => string,
  ) {}

  get opening(): string {
    return this.isLabelled ? `#${this.label}=${this.open}` : this.open;
  }
}

class Reference {
  constructor(readonly group: Group) {}
}

type Outline = string | Group | Reference;

/** Two items of a list are joined by this where the second one is its tail. */
const DOT = '. ';
const separatedBySpace = () => ' ';

class Outliner {
  isElided = false;
  private budget: number;
  /** Objects that the walk is inside of. */
  private readonly open = new Map<object, Group>();

  constructor(private readonly limits: ResultLimits) {
    this.budget = limits.items * TOTAL_FACTOR;
  }

  outline(value: Value, depth: number): Outline {
    if (--this.budget < 0) return this.elided();
    const inside = typeof value === 'object' ? this.open.get(value) : undefined;
    if (inside !== undefined) return reference(inside);
    if (value instanceof Pair) return this.list(value, depth);
    const parts = partsOf(value);
    return parts === null ? this.atom(value) : this.compound(value as object, parts, depth);
  }

  private atom(value: Value): string {
    const most = this.limits.items * STRING_FACTOR;
    if (typeof value !== 'string' || value.length <= most) return writeText(value);
    this.isElided = true;
    return `${writeText(cutText(value, most)).slice(0, -1)}${ELISION}"`;
  }

  private list(first: Pair, depth: number): Outline {
    const group = new Group('(', ')', separatedBySpace);
    if (depth >= this.limits.depth) return this.closed(group);
    const spine: Pair[] = [];
    let rest: Value = first;
    for (; rest instanceof Pair; rest = rest.cdr) {
      // A tail that leads back into a list has to be a list with a label.
      if (this.open.has(rest)) break;
      if (spine.length >= this.limits.items || this.budget < 0) {
        group.items.push(this.elided());
        rest = NIL;
        break;
      }
      spine.push(rest);
      this.open.set(rest, group);
      group.items.push(this.outline(rest.car, depth + 1));
    }
    if (rest !== NIL) this.addTail(group, spine, rest, depth);
    for (const pair of spine) this.open.delete(pair);
    return group;
  }

  private addTail(group: Group, spine: Pair[], rest: Value, depth: number): void {
    const start = spine.indexOf(rest as Pair);
    if (start > 0) {
      // It leads into the middle of this list: what begins there becomes the tail.
      const cycle = new Group('(', ')', separatedBySpace);
      cycle.items = [...group.items.splice(start), DOT, reference(cycle)];
      group.items.push(DOT, cycle);
    } else group.items.push(DOT, start === 0 ? reference(group) : this.outline(rest, depth + 1));
  }

  private compound(value: object, { open, items, after, close }: PrintParts, depth: number): Outline {
    const group = new Group(open, close, after);
    if (items.length > 0 && depth >= this.limits.depth) return this.closed(group);
    this.open.set(value, group);
    for (const item of items) {
      if (group.items.length >= this.limits.items || this.budget < 0) {
        group.items.push(this.elided());
        break;
      }
      group.items.push(this.outline(item, depth + 1));
    }
    this.open.delete(value);
    return group;
  }

  private closed(group: Group): Group {
    group.items = [this.elided()];
    return group;
  }

  private elided(): string {
    this.isElided = true;
    return ELISION;
  }
}

function partsOf(value: Value): PrintParts | null {
  if (value instanceof Vector) return { open: '#(', items: value.items, after: separatedBySpace, close: ')' };
  return value instanceof HeapObject ? (value.printParts?.() ?? null) : null;
}

function reference(group: Group): Reference {
  group.isLabelled = true;
  return new Reference(group);
}

/** Labels count from 0 in the order in which they are printed. */
function numberLabels(outline: Outline, labels: { next: number }): void {
  if (!(outline instanceof Group)) return;
  if (outline.isLabelled) outline.label = labels.next++;
  for (const item of outline.items) numberLabels(item, labels);
}

/** The first characters of a text, none of them halved. */
function cutText(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
}

// ---- layout

/**
 * The lines of an outline that starts in the column `indent`; all but the first are indented.
 *
 * @param reserve  columns to leave free at the end, for what closes around it
 */
function layOut(outline: Outline, indent: number, width: number, reserve: number): string[] {
  const flat = flatText(outline);
  if (typeof outline === 'string' || outline instanceof Reference || outline.items.length === 0) return [flat];
  if (indent + textWidth(flat) + reserve <= width) return [flat];
  const { opening, close } = outline;
  // Far to the right there is no room: a step of one column has to do.
  const column = indent + Math.min(textWidth(opening), Math.max(1, width >> 3));
  const lines = packed(unitsOf(outline), column, width, reserve + close.length);
  lines[0] = opening + lines[0];
  lines[lines.length - 1] += close;
  return lines.map((line, i) => (i === 0 ? line : ' '.repeat(column - indent) + line));
}

/** Things that stay together on a line as long as they fit: an item, a key with its value, a dot with the tail. */
function unitsOf({ items, after }: Group): { readonly parts: Outline[]; readonly separator: string }[] {
  const separators = items.map((_, i) => (i < items.length - 1 ? after(i) : ''));
  const hasCommas = separators.some((separator) => separator.includes(','));
  const units: { parts: Outline[]; separator: string }[] = [];
  let parts: Outline[] = [];
  items.forEach((item, i) => {
    parts.push(item);
    const separator = separators[i].trimEnd();
    const isJoint = item !== DOT && (!hasCommas || separator !== '');
    if (!isJoint && i < items.length - 1) return;
    units.push({ parts, separator });
    parts = [];
  });
  return units;
}

/** As many units on a line as fit; one that needs several lines has them for itself. */
function packed(units: ReturnType<typeof unitsOf>, column: number, width: number, reserve: number): string[] {
  const lines: string[] = [];
  let canJoin = false;
  units.forEach(({ parts, separator }, i) => {
    const room = i === units.length - 1 ? reserve : separator.length;
    const flat = joined(parts);
    const last = lines.at(-1);
    if (canJoin && last !== undefined && column + textWidth(last) + 1 + textWidth(flat) + room <= width) {
      lines[lines.length - 1] = `${last} ${flat}${separator}`;
      return;
    }
    const own = unitLines(parts, column, width, room);
    own[own.length - 1] += separator;
    lines.push(...own);
    canJoin = own.length === 1;
  });
  return lines;
}

function unitLines(parts: readonly Outline[], column: number, width: number, reserve: number): string[] {
  const lines = [''];
  parts.forEach((part, i) => {
    const lead = lines[lines.length - 1] + (i > 0 && parts[i - 1] !== DOT ? ' ' : '');
    const at = textWidth(lead);
    const [first, ...rest] = layOut(part, column + at, width, i === parts.length - 1 ? reserve : 0);
    lines[lines.length - 1] = lead + first;
    lines.push(...rest.map((line) => ' '.repeat(at) + line));
  });
  return lines;
}

const joined = (parts: readonly Outline[]): string =>
  parts.map((part, i) => (i > 0 && parts[i - 1] !== DOT ? ' ' : '') + flatText(part)).join('');

function flatText(outline: Outline): string {
  if (typeof outline === 'string') return outline;
  if (outline instanceof Reference) return `#${outline.group.label}#`;
  outline.flat ??= `${outline.opening}${flatItems(outline)}${outline.close}`;
  return outline.flat;
}

function flatItems({ items, after }: Group): string {
  return items.map((item, i) => (i > 0 && items[i - 1] !== DOT ? after(i - 1) : '') + flatText(item)).join('');
}
