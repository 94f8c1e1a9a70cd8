// What may travel in a message, and how a refusal names the culprit.
//
// The encoders refuse a value without saying where the culprit is; only then is it searched for here. A path starts at
// a root (`send-arg`) and goes down by `.car`, `.cdr` and `[i]`: `send-arg.cdr.car[1]`.
//
// Automatic-differentiation values come first: they are searched for through everything that could carry them along,
// closures included, before any other refusal. All walks keep their own stack and visit each object once.
//
// Source: networking §8.3, §8.4, §9.4; README, Networking ("Settled").

import { Closure } from '../../bytecode/procedures.ts';
import { EtaError, nngError } from '../../values/errors.ts';
import {
  Box,
  Bytevector,
  Char,
  Flonum,
  HeapObject,
  MultipleValues,
  NIL,
  Pair,
  Sym,
  type Value,
  Vector,
} from '../../values/types.ts';

/** The most containers that may be open at once. Long lists are not nesting: only elements and cars are. */
export const NESTING_LIMIT = 10_000;

export const nestingTooDeep = (): EtaError => nngError('binary wire format: nesting too deep');

/**
 * A heap object that lends its insides to the search for AD values: compound terms (`.functor`, `.args[i]`), bound logic
 * variables (`.binding`), fact tables (`.col[c][r]`). Objects of other folders join by having this method.
 */
export interface HasInnerValues {
  innerValues(): Iterable<readonly [step: string, value: Value]>;
}

function hasInnerValues(value: object): value is HasInnerValues {
  return typeof (value as Partial<HasInnerValues>).innerValues === 'function';
}

/** Kinds of automatic differentiation that are local to a VM, and what a refusal calls them. */
const LOCAL_KINDS: Readonly<Record<string, string>> = { Tape: 'tape', TapeRef: 'tape-ref' };

/** Raise if `value` holds an AD value anywhere: `:ad/cross-vm-ref`, with the path to the first one. */
export function refuseLocalValues(operation: string, value: Value, root: string): void {
  const found = findLocalValue(value, root);
  if (found === null) return;
  throw new EtaError(':ad/cross-vm-ref', `${operation}: Tape/TapeRef values cannot cross VM boundaries`, [
    ['op', operation],
    ['path', found],
  ]);
}

function findLocalValue(value: Value, root: string): string | null {
  const visited = new Set<object>();
  let found: string | null = null;
  walk(value, root, (object, path) => {
    if (visited.has(object)) return null;
    visited.add(object);
    if (object instanceof HeapObject && object.kind in LOCAL_KINDS) {
      found = `${path}: ${LOCAL_KINDS[object.kind]}`;
      return 'stop';
    }
    return innerValues(object);
  });
  return found;
}

type Step = readonly [step: string, value: Value];

function innerValues(object: object): Iterable<Step> | null {
  if (object instanceof Pair) return pairSteps(object);
  if (object instanceof Vector) return vectorSteps(object);
  if (object instanceof Closure) return upvalueSteps(object);
  return hasInnerValues(object) ? object.innerValues() : null;
}

function pairSteps(pair: Pair): Step[] {
  return [
    ['.car', pair.car],
    ['.cdr', pair.cdr],
  ];
}

function* vectorSteps(vector: Vector): Iterable<Step> {
  for (let i = 0; i < vector.items.length; i++) yield [`[${i}]`, vector.items[i]];
}

function* upvalueSteps(closure: Closure): Iterable<Step> {
  for (const [i, upvalue] of closure.upvalues.entries()) {
    yield [`.upvals[${i}]`, upvalue instanceof Box ? upvalue.value : upvalue];
  }
}

/** A place in a walk: the steps from it upwards spell the path. Paths are long for long lists, so they are made late. */
interface Place {
  readonly step: string;
  readonly up: Place | null;
}

function pathOf(place: Place | null): string {
  const steps: string[] = [];
  for (let p = place; p !== null; p = p.up) steps.push(p.step);
  return steps.reverse().join('');
}

/**
 * Depth first, in order, without recursion. `visit` answers the steps to go on with, null for none, or 'stop'.
 * The path is computed for the object that stops the walk only.
 */
function walk(
  value: Value,
  root: string,
  visit: (object: object, path: LazyPath) => Iterable<Step> | null | 'stop',
): void {
  const stack: { readonly value: Value; readonly place: Place }[] = [{ value, place: { step: root, up: null } }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top.value !== 'object') continue;
    const place = top.place;
    const steps = visit(top.value, { toString: () => pathOf(place) });
    if (steps === 'stop') return;
    if (steps === null) continue;
    const inner = [...steps];
    for (let i = inner.length - 1; i >= 0; i--) {
      const [step, innerValue] = inner[i];
      if (typeof innerValue === 'object') stack.push({ value: innerValue, place: { step, up: place } });
    }
  }
}

interface LazyPath {
  toString(): string;
}

/** The error for a value that an encoder has refused. The value does hold something that cannot be sent. */
export function refusal(value: Value, root = 'send-arg'): EtaError {
  const found = findUnsendable(value, root);
  if (found === null) return nestingTooDeep();
  const error = nngError(`nng-error: cannot send non-serializable value: ${found.path}: ${found.what}`);
  error.culprit = found.value;
  return error;
}

/** Whether the value refers to itself; such a value has no end, so the encoders ask before they write for long. */
export function isCyclic(value: Value): boolean {
  return findUnsendable(value, '')?.what === CYCLE;
}

const CYCLE = 'cyclic structure';
const DONE = new Pair(NIL, NIL);

interface Unsendable {
  readonly path: string;
  /** Its kind, or CYCLE. */
  readonly what: string;
  readonly value: Value;
}

/**
 * The first thing that cannot be sent, depth first, car before cdr; null if there is none.
 * A container that is met again while it is still open is a cycle; one that is done already is only shared.
 */
function findUnsendable(value: Value, root: string): Unsendable | null {
  const open = new Set<object>();
  const done = new Set<object>();
  // A container is pushed twice: to be opened, and under its parts, wrapped in a marker, to be marked as done.
  const stack: { readonly value: Value; readonly place: Place; readonly closes: object | null }[] = [];
  stack.push({ value, place: { step: root, up: null }, closes: null });
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.closes !== null) {
      open.delete(top.closes);
      done.add(top.closes);
      continue;
    }
    const { value: object, place } = top;
    if (typeof object !== 'object') continue;
    if (!(object instanceof Pair || object instanceof Vector)) {
      if (isSendableAtom(object)) continue;
      return { path: pathOf(place), what: kindName(object), value: object };
    }
    if (done.has(object)) continue;
    if (open.has(object)) return { path: pathOf(place), what: CYCLE, value: object };
    open.add(object);
    stack.push({ value: DONE, place, closes: object });
    const steps = object instanceof Pair ? pairSteps(object) : [...vectorSteps(object)];
    for (let i = steps.length - 1; i >= 0; i--) {
      const [step, inner] = steps[i];
      if (typeof inner === 'object') stack.push({ value: inner, place: { step, up: place }, closes: null });
    }
  }
  return null;
}

function isSendableAtom(value: object): boolean {
  return (
    value === NIL ||
    value instanceof Sym ||
    value instanceof Char ||
    value instanceof Flonum ||
    value instanceof Bytevector
  );
}

/** The heap kind's name, as refusals spell it. */
export function kindName(value: object): string {
  if (value instanceof HeapObject) return value.kind;
  return value instanceof MultipleValues ? 'MultipleValues' : 'Object';
}
