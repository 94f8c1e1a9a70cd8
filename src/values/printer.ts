// Printer: the text of a value.
//
//   display   for people: strings and characters as they are, integral flonums without a point
//   write     for programs: strings quoted, characters as #\c, integral flonums with a point
//   datum     write, and so that the reader gives back the same: odd symbols between bars, printable characters beyond
//             ASCII as themselves (the text wire format, `write` of (scheme write))
//   plain     display, with flonums as in `write`: `display` of (scheme write)
//
// The printer keeps its own stack, so that depth costs no host stack. Cyclic data is printed with datum labels
// (`#0=(a . #0#)`) in every style; only objects on a cycle get one, shared structure is printed in full. Small data is
// first walked as if it were a tree: if that ends within a budget there is no cycle, and nothing need be remembered.
//
// Source: builtins §3, language §4, README V2, V11.

import { deref, LogicVariable } from './logic.ts';
import { MutableString } from './mutable-string.ts';
import { flonumToText, numberToText } from './number-text.ts';
import { onDemand } from './on-demand.ts';
import { Bytevector, Char, Flonum, HeapObject, NIL, Pair, type PrintParts, Sym, type Value, Vector } from './types.ts';

export type PrintStyle = 'display' | 'write' | 'datum' | 'plain';

export const displayText = (value: Value): string => printText(value, 'display');
export const writeText = (value: Value): string => printText(value, 'write');
export const datumText = (value: Value): string => printText(value, 'datum');
export const plainText = (value: Value): string => printText(value, 'plain');

export function printText(value: Value, style: PrintStyle): string {
  return hasParts(value) ? new Printer(style, findCycles(value)).print(value) : atomText(value, style);
}

/** With labels for everything that is met more than once, not only on cycles. */
export const sharedText = (value: Value): string => sharedIn(value, 'write');
export const sharedDatumText = (value: Value): string => sharedIn(value, 'datum');

const sharedIn = (value: Value, style: PrintStyle): string =>
  hasParts(value) ? new Printer(style, findShared(value)).print(value) : atomText(value, style);

// ---- atoms

const isForPeople = (style: PrintStyle): boolean => style === 'display' || style === 'plain';

function atomText(value: Value, style: PrintStyle): string {
  if (typeof value === 'string') return isForPeople(style) ? value : stringText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : flonumToText(value, 'write');
  if (value === NIL) return '()';
  if (value instanceof Sym) return style === 'datum' ? symbolText(value.name) : value.name;
  if (typeof value === 'boolean') return value ? '#t' : '#f';
  if (value instanceof Char) return charText(value, style);
  if (value instanceof Flonum || typeof value === 'bigint') {
    return numberToText(value, style === 'display' ? 'display' : 'write');
  }
  if (value instanceof MutableString) return atomText(value.text, style);
  if (value instanceof Bytevector) return `#u8(${value.bytes.join(' ')})`;
  return value instanceof HeapObject ? value.printed() : '#<object>';
}

const STRING_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

/** A string as a literal. */
export function stringText(text: string): string {
  return `"${text.replace(/["\\\n\r\t\x07\b]/g, (c) => STRING_ESCAPES[c])}"`;
}

const CHAR_NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x07, 'alarm'],
  [0x08, 'backspace'],
  [0x09, 'tab'],
  [0x0a, 'newline'],
  [0x0d, 'return'],
  [0x1b, 'escape'],
  [0x20, 'space'],
  [0x7f, 'delete'],
]);

/** Characters that a reader of the text can see: no control, format, combining, space or unassigned ones. */
const visible = onDemand('^[\\p{L}\\p{N}\\p{P}\\p{S}]$', 'u');

function charText({ code }: Char, style: PrintStyle): string {
  const text = String.fromCodePoint(code);
  if (isForPeople(style)) return text;
  const name = CHAR_NAMES.get(code);
  if (name !== undefined) return `#\\${name}`;
  if (code > 0x20 && code < 0x7f) return `#\\${text}`;
  if (style === 'datum' && visible().test(text)) return `#\\${text}`;
  return `#\\x${code.toString(16).toUpperCase()}${style === 'datum' ? ';' : ''}`;
}

/** Names that read back as the same symbol without bars (language §1.5). */
const PLAIN_SYMBOL =
  /^(?:[A-Za-z!$%&*/:<=>?^_~@][\w!$%&*/:<=>?^~@+.-]*|\.\.\.|\.[A-Za-z_][\w.]*|[+-](?:[A-Za-z!$%&*/:<=>?^_~@+-][\w!$%&*/:<=>?^~@+.-]*)?)$/;
const SIGNED_SPECIAL = /^[+-](?:inf|nan)\.0/i;

/** A symbol's name, between bars where the bare name would read as something else. */
export function symbolText(name: string): string {
  // The bare name `Nil` reads as the empty list; so does `|Nil|`, but nothing can be done about that.
  if (PLAIN_SYMBOL.test(name) && !SIGNED_SPECIAL.test(name)) return name;
  const escaped = name.replace(/[|\\]|[\x00-\x1f\x7f]/g, (c) =>
    c === '|' || c === '\\' ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16)};`,
  );
  return `|${escaped}|`;
}

// ---- structures

function hasParts(value: Value): value is object {
  if (typeof value !== 'object') return false;
  if (value instanceof Pair || value instanceof Vector) return true;
  return value instanceof HeapObject && value.printParts !== undefined;
}

/** A list, or the rest of one, that is being printed: `rest` comes next. */
class ListFrame {
  constructor(public rest: Value) {}
}

/** A vector or an object with parts that is being printed: item `next` comes next. */
class PartsFrame {
  next = 0;
  constructor(readonly parts: PrintParts) {}
}

const separatedBySpace = (): string => ' ';

function partsOf(value: Vector | HeapObject): PrintParts {
  if (value instanceof Vector) return { open: '#(', items: value.items, after: separatedBySpace, close: ')' };
  return (value.printParts as () => PrintParts)();
}

class Printer {
  private out = '';
  private readonly stack: (ListFrame | PartsFrame)[] = [];
  private nextLabel = 0;

  constructor(
    private readonly style: PrintStyle,
    /** The objects that need a label, -1 while they have none yet; null when there are no cycles. */
    private readonly labels: Map<object, number> | null,
  ) {}

  print(value: Value): string {
    this.emit(value);
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      if (frame instanceof ListFrame) this.continueList(frame);
      else this.continueParts(frame);
    }
    return this.out;
  }

  /** Print an atom; begin to print anything else, and leave the rest of it on the stack. */
  private emit(value: Value): void {
    if (!hasParts(value)) {
      this.out += atomText(value, this.style);
      return;
    }
    const label = this.labels?.get(value);
    if (label !== undefined) {
      if (label >= 0) {
        this.out += `#${label}#`;
        return;
      }
      this.labels?.set(value, this.nextLabel);
      this.out += `#${this.nextLabel++}=`;
    }
    if (value instanceof Pair) {
      this.out += '(';
      this.stack.push(new ListFrame(value.cdr));
      this.emitFirst(value.car);
      return;
    }
    const parts = partsOf(value as Vector | HeapObject);
    this.out += parts.open;
    this.stack.push(new PartsFrame(parts));
  }

  /** Like `emit`, but a nested first element waits on the stack, so that `((((…` costs no recursion. */
  private emitFirst(value: Value): void {
    if (!hasParts(value)) this.out += atomText(value, this.style);
    else this.stack.push(new PartsFrame({ open: '', items: [value], after: separatedBySpace, close: '' }));
  }

  private continueList(frame: ListFrame): void {
    let { rest } = frame;
    while (rest instanceof Pair && !this.labels?.has(rest)) {
      const { car } = rest;
      rest = rest.cdr;
      this.out += ' ';
      if (hasParts(car)) {
        frame.rest = rest;
        this.emit(car);
        return;
      }
      this.out += atomText(car, this.style);
    }
    if (rest === NIL) {
      this.out += ')';
      this.stack.pop();
      return;
    }
    // A bound variable stands for its value: the list goes on in it.
    if (rest instanceof LogicVariable && !this.labels?.has(rest) && deref(rest) !== rest) {
      frame.rest = deref(rest);
      return;
    }
    this.out += ' . ';
    frame.rest = NIL;
    this.emit(rest);
  }

  private continueParts(frame: PartsFrame): void {
    const { items, after, close } = frame.parts;
    while (frame.next < items.length) {
      const index = frame.next++;
      if (index > 0) this.out += after(index - 1);
      const item = items[index];
      if (hasParts(item)) {
        this.emit(item);
        return;
      }
      this.out += atomText(item, this.style);
    }
    this.out += close;
    this.stack.pop();
  }
}

// ---- cycles

/** Objects that are walked as a tree, some milliseconds long, before we look for cycles in earnest. */
const TREE_BUDGET = 1_000_000;

/** The objects where a walk comes back to one that it is still inside of; null if there are none. */
function findCycles(root: object): Map<object, number> | null {
  if (isSmallTree(root)) return null;
  const labels = new Map<object, number>();
  // Objects that have been entered: true while the walk is inside of them.
  const isOpen = new Map<object, boolean>();
  const path: Visit[] = [];
  const enter = (object: object): void => {
    isOpen.set(object, true);
    path.push(new Visit(object));
  };
  enter(root);
  for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
    const part = visit.nextPart();
    if (part === undefined) {
      isOpen.set(visit.object, false);
      path.pop();
    } else if (hasParts(part)) {
      const open = isOpen.get(part);
      if (open === undefined) enter(part);
      else if (open) labels.set(part, -1);
    }
  }
  return labels.size > 0 ? labels : null;
}

/** An object that the walk is inside of, and how far it has come. */
class Visit {
  private next = 0;
  private readonly items: readonly Value[] | null;

  constructor(readonly object: object) {
    this.items = object instanceof Pair ? null : partsOf(object as Vector | HeapObject).items;
  }

  nextPart(): Value | undefined {
    const index = this.next++;
    if (this.items !== null) return this.items[index];
    if (index === 0) return (this.object as Pair).car;
    return index === 1 ? (this.object as Pair).cdr : undefined;
  }
}

function isSmallTree(root: object): boolean {
  let budget = TREE_BUDGET;
  const stack: Value[] = [root];
  while (stack.length > 0) {
    let value = stack.pop() as Value;
    // A cyclic list is the common cycle, and is noticed at once: the walk comes back to a pair that it remembers,
    // a new one whenever it has gone twice as far (Brent).
    let remembered: Value = NIL;
    let untilNext = 1;
    for (let steps = 0; value instanceof Pair; value = value.cdr) {
      if (value === remembered || --budget < 0) return false;
      if (++steps === untilNext) {
        remembered = value;
        untilNext *= 2;
      }
      if (hasParts(value.car)) stack.push(value.car);
    }
    if (!hasParts(value)) continue;
    const { items } = partsOf(value as Vector | HeapObject);
    budget -= items.length + 1;
    if (budget < 0) return false;
    for (const item of items) if (hasParts(item)) stack.push(item);
  }
  return true;
}

/** The objects that a walk meets more than once; null if there are none. */
function findShared(root: object): Map<object, number> | null {
  const labels = new Map<object, number>();
  const met = new Set<object>();
  const stack: object[] = [root];
  while (stack.length > 0) {
    const object = stack.pop() as object;
    if (met.has(object)) {
      labels.set(object, -1);
      continue;
    }
    met.add(object);
    const items = object instanceof Pair ? [object.car, object.cdr] : partsOf(object as Vector | HeapObject).items;
    for (const item of items) if (hasParts(item)) stack.push(item);
  }
  return labels.size > 0 ? labels : null;
}
