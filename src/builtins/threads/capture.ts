// The capture set of a thunk: what has to travel with it into another VM.
//
//   thunk ──► its code ──► nested code, module variables that they read or write
//     └─► upvalues, boxes ──► lists, vectors ──► closures ──► their code, their upvalues …
//          variables ──► their values ──► …                      until nothing new comes up
//
// Builtins travel by name, so the search ends at them; so it does at the kernel's variables, which every VM has. All
// that may not travel is found here, in the caller, before any thread exists.
//
// A refusal names the root that leads to the culprit: upvalues of the thunk come first, then module variables, then the
// upvalues of the other closures. Source: networking §11.1, §11.3, §8.4.

import { CodeObject } from '../../bytecode/code.ts';
import { Closure } from '../../bytecode/procedures.ts';
import { recordProcedureOf } from '../../bytecode/record-procedures.ts';
import { type EtaError, typeError } from '../../values/errors.ts';
import { MutableString } from '../../values/mutable-string.ts';
import {
  Box,
  Bytevector,
  Cell,
  Char,
  EOF,
  Flonum,
  NIL,
  Pair,
  RecordType,
  Sym,
  UNSET,
  type Value,
  Vector,
} from '../../values/types.ts';
import { kindName, refuseLocalValues } from '../nng/serializable.ts';

/** What every VM has, and what is therefore referred to by name. */
export interface SharedNames {
  /** The name of a builtin, undefined for every other value. */
  builtinName(value: Value): string | undefined;
  builtin(name: string): Value | undefined;
  /** The kernel's variable of this name. */
  kernelCell(name: string): Cell | undefined;
}

/** Objects that keep their identity. Each is in its set once; the order is that of discovery. */
export class CaptureSet {
  /** The thunk is the first. */
  readonly closures = new Set<Closure>();
  readonly codes = new Set<CodeObject>();
  readonly cells = new Set<Cell>();
  readonly boxes = new Set<Box>();
  readonly recordTypes = new Set<RecordType>();
  /** Lists and vectors that have been looked into. They are copied, so they are not part of the set. */
  private readonly seen = new Set<object>();

  constructor(
    thunk: Closure,
    readonly names: SharedNames,
  ) {
    this.closures.add(thunk);
    // A Set's iterator also visits what is added while it runs.
    for (let size = 0; size !== this.size; ) {
      size = this.size;
      for (const closure of this.closures) this.addClosureParts(closure);
      for (const code of this.codes) this.addCodeParts(code);
      for (const cell of this.cells) if (!this.isShared(cell)) this.addValue(cell.value);
      for (const box of this.boxes) this.addValue(box.value);
    }
  }

  /** Whether a variable of the set is one that the other VM has, too. */
  isShared(cell: Cell): boolean {
    return this.names.kernelCell(cell.name) === cell;
  }

  private get size(): number {
    return this.closures.size + this.codes.size + this.cells.size + this.boxes.size;
  }

  private addClosureParts({ code, upvalues }: Closure): void {
    this.codes.add(code);
    for (const upvalue of upvalues) this.addValue(upvalue);
  }

  private addCodeParts({ constants }: CodeObject): void {
    for (const constant of constants) {
      if (constant instanceof CodeObject) this.codes.add(constant);
      else if (constant instanceof Cell) this.cells.add(constant);
    }
  }

  /** Find the closures and record types in a value. Without recursion: lists are long, and nesting may be deep. */
  private addValue(value: Value): void {
    const work: Value[] = [value];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (typeof next !== 'object') continue;
      if (next instanceof Pair) {
        if (!this.isNew(next)) continue;
        work.push(next.cdr, next.car);
      } else if (next instanceof Vector) {
        if (this.isNew(next)) for (let i = next.items.length - 1; i >= 0; i--) work.push(next.items[i]);
      } else this.addObject(next);
    }
  }

  private addObject(object: object): void {
    if (object instanceof Closure) {
      if (this.names.builtinName(object) === undefined) this.closures.add(object);
    } else if (object instanceof Box) this.boxes.add(object);
    else if (object instanceof RecordType) this.recordTypes.add(object);
    else {
      const procedure = recordProcedureOf(object);
      if (procedure !== undefined) this.recordTypes.add(procedure.type);
    }
  }

  private isNew(container: object): boolean {
    if (this.seen.has(container)) return false;
    this.seen.add(container);
    return true;
  }
}

/** What travels with the thunk. Raises the refusals of networking §8.4 and §11.3. */
export function capture(thunk: Closure, names: SharedNames): CaptureSet {
  const set = new CaptureSet(thunk, names);
  const found = findRefusal(set);
  if (found === null) return set;
  // Values of automatic differentiation are refused before anything else, wherever they are.
  for (const [root, value] of rootsOf(set)) refuseLocalValues('spawn-thread', value, root);
  throw found;
}

type Root = readonly [name: string, value: Value];

/** Where the search for culprits starts, in the order in which they are named. */
function* rootsOf(set: CaptureSet): Iterable<Root> {
  const { closures, cells } = set;
  const [thunk, ...others] = closures;
  for (const [i, value] of thunk.upvalues.entries()) yield [`upvalue[${i}]`, contents(value)];
  let slot = 0;
  for (const cell of cells) {
    if (!set.isShared(cell)) yield [`global[${slot}]`, cell.value];
    slot++;
  }
  for (const [c, { upvalues }] of others.entries()) {
    for (const [j, value] of upvalues.entries()) yield [`closure-upvalue[${c}][${j}]`, contents(value)];
  }
}

const contents = (value: Value): Value => (value instanceof Box ? value.value : value);

function findRefusal(set: CaptureSet): EtaError | null {
  const checked = new Set<object>();
  for (const [root, value] of rootsOf(set)) {
    const reason = findCulprit(value, set.names, checked);
    if (reason !== null) return refusal(root, reason);
  }
  return findConstant(set);
}

const refusal = (root: string, reason: string): EtaError =>
  typeError(`spawn-thread: capture is not serializable: ${root}: ${reason}`);

/** A function with a constant that cannot travel: a datum with a cycle, or the scope that a call of `eval` stands in. */
function findConstant({ codes, names }: CaptureSet): EtaError | null {
  for (const { name, constants } of codes) {
    for (const value of constants) {
      if (typeof value !== 'object' || value instanceof CodeObject || value instanceof Cell) continue;
      const reason = findCulprit(value, names, new Set());
      if (reason === null) continue;
      const isDatum = value instanceof Pair || value instanceof Vector;
      return refusal(`function ${name}`, isDatum ? reason : 'calls eval, which needs the names around it');
    }
  }
  return null;
}

/** Marks, on the work list of `findCulprit`, that a container is done. */
class Done {
  constructor(readonly container: object) {}
}

/**
 * Why a value cannot be copied, null if it can. Closures are roots of their own.
 *
 * @param checked  containers that are known to be fine; added to
 */
function findCulprit(value: Value, names: SharedNames, checked: Set<object>): string | null {
  const open = new Set<object>();
  const work: Value[] = [value];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (typeof next !== 'object' || checked.has(next)) continue;
    if (next instanceof Done) {
      open.delete(next.container);
      checked.add(next.container);
    } else if (next instanceof Pair || next instanceof Vector) {
      if (open.has(next)) {
        const kind = next instanceof Pair ? 'pair/list' : 'vector';
        return `cyclic ${kind} structure is not serializable`;
      }
      open.add(next);
      work.push(new Done(next));
      if (next instanceof Pair) work.push(next.cdr, next.car);
      else for (let i = next.items.length - 1; i >= 0; i--) work.push(next.items[i]);
    } else if (!canTravel(next, names)) return `unsupported heap object kind ${kindName(next)}`;
  }
  return null;
}

function canTravel(object: object, names: SharedNames): boolean {
  return (
    object instanceof Sym ||
    object instanceof Char ||
    object instanceof MutableString ||
    object === NIL ||
    object instanceof Closure ||
    object instanceof Flonum ||
    object instanceof Bytevector ||
    object === EOF ||
    object === UNSET ||
    object instanceof RecordType ||
    names.builtinName(object) !== undefined ||
    recordProcedureOf(object) !== undefined
  );
}
