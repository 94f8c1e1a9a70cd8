// Finalizers and guardians: what happens to an object that the program cannot reach any more.
//
// Registered objects are kept here, so that they can be handed out, and are dead when nothing else leads to them
// (vm/reachability.ts). That is looked for when there is reason to: many registrations, or much of the heap changed, since
// the last time; and never for more than a small share of the time. Dead objects go into the queues of their guardians,
// and their finalizers are called at the next safe point: a call at which all frames are on the machine's stacks.
//
// Delivery is not guaranteed (builtins §11): a program that allocates little, or ends soon, may see none.
//
// Source: builtins §11, language §15.1.

import { getHeapStatistics } from 'node:v8';
import { type BuiltinTable, parseUsage } from '../bytecode/builtin-table.ts';
import type { BuiltinDoc } from '../bytecode/procedures.ts';
import { nowMs } from '../values/clock.ts';
import { typeError } from '../values/errors.ts';
import { isNumber } from '../values/numbers.ts';
import { Char, HeapObject, listFrom, NIL, Pair, RecordType, Sym, type Value } from '../values/types.ts';
import { ControlPrimitive, type ControlResult } from '../vm/continuation.ts';
import { isProcedure } from '../vm/control.ts';
import type { Machine, SafePoint } from '../vm/machine.ts';
import { searchUnreachable } from '../vm/reachability.ts';
import { want } from './arguments.ts';

class Guardian extends HeapObject {
  readonly kind = 'Guardian';
  /** Dead objects, oldest first. */
  readonly queue: object[] = [];
  override printed(): string {
    return '#<guardian>';
  }
}

/** Registrations after which it is worth looking, if there were not many more before … */
const FEW = 1000;
/** … and the objects that a search may meet for each of them. */
const MET_EACH = 50;
/** Change of the heap's size after which it is worth looking … */
const HEAP_CHANGE = 4 * 2 ** 20;
/** … if so much time has gone by since the last search, as a multiple of what it took. */
const PAUSE = 10;

class Finalization implements SafePoint {
  isDue = false;
  readonly finalizers = new Map<object, Value>();
  readonly tracked = new Map<object, Set<Guardian>>();
  /** Finalizers to be called, with their objects. */
  private readonly pending: Pair[] = [];
  /** Since the last search, and how many make another one worth while. */
  private registrations = 0;
  private enough = FEW;
  private heapSize = getHeapStatistics().used_heap_size;
  private nextSearch = 0;

  constructor(
    private readonly roots: () => readonly object[],
    private readonly kernel: (name: string) => Value,
  ) {}

  register(): void {
    if (++this.registrations > this.enough) this.isDue = true;
  }

  /** The machine asks now and then. */
  look(heapSize: number): void {
    if (this.count === 0 || Math.abs(heapSize - this.heapSize) <= HEAP_CHANGE) return;
    if (nowMs() > this.nextSearch) this.isDue = true;
  }

  private get count(): number {
    return this.finalizers.size + this.tracked.size;
  }

  /** Look for dead objects, if it is time. @param inUse  values that are on no stack at the moment */
  search(vm: Machine, inUse: readonly Value[]): void {
    if (!this.isDue) return;
    const start = nowMs();
    const candidates = [...this.finalizers.keys(), ...this.tracked.keys()].filter((o) => !(o instanceof RecordType));
    const roots = [...this.roots(), ...vm.roots(), ...inUse, ...this.finalizers.values(), this.pending];
    const { unreachable, met } = searchUnreachable(candidates, roots, [vm, this]);
    for (const object of unreachable) this.bury(object);
    this.isDue = false;
    this.registrations = 0;
    this.enough = Math.max(FEW, this.count, met / MET_EACH);
    this.heapSize = getHeapStatistics().used_heap_size;
    const end = nowMs();
    this.nextSearch = end + PAUSE * (end - start);
  }

  private bury(object: object): void {
    for (const guardian of this.tracked.get(object) ?? []) guardian.queue.push(object);
    this.tracked.delete(object);
    const finalizer = this.finalizers.get(object);
    if (finalizer === undefined) return;
    this.finalizers.delete(object);
    this.pending.push(new Pair(finalizer, object));
  }

  /** At a safe point, before a call: the call to make instead, which does the work first. */
  before(vm: Machine, callee: Value, args: readonly Value[]): [callee: Value, args: readonly Value[]] {
    this.search(vm, [callee, ...args]);
    return this.pending.length === 0 ? [callee, args] : [this.kernel('%finalize-then-call'), [callee, listFrom(args)]];
  }

  next(): Value {
    return this.pending.shift() ?? false;
  }

  /** The value of a control primitive, once the finalizers that are due have been called. */
  thenGive(vm: Machine, value: Value): ControlResult {
    if (this.pending.length === 0) return value;
    return vm.tail(this.kernel('%finalize-then-call'), [this.kernel('values'), new Pair(value, NIL)]);
  }
}

/** What the language calls a heap object, pairs included. */
function isHeapObject(value: Value): value is object {
  if (typeof value !== 'object' || value === NIL) return false;
  return !(value instanceof Sym || value instanceof Char || isNumber(value));
}

function wantTrackable(value: Value, argument: string): object {
  if (!isHeapObject(value)) throw typeError(`${argument} must be a heap object`, value);
  if (value instanceof Pair) throw typeError(`${argument} must be a non-cons heap object`, value);
  return value;
}

/** @param roots  what the program can reach beside the machine's stacks */
export function defineFinalizers(table: BuiltinTable, roots: () => readonly object[]): void {
  const spec = 'builtins §11';
  let made: Finalization | null = null;
  const finalization = (vm: Machine): Finalization => {
    if (made === null) {
      made = new Finalization(roots, (name) => table.get(name)!.value);
      vm.safePoint = made;
    }
    return made;
  };
  // When a control primitive runs, all frames are on the machine's stacks.
  const define = (usage: string, doc: BuiltinDoc, run: (vm: Machine, args: readonly Value[]) => ControlResult) => {
    const { name, required, rest } = parseUsage(usage);
    table.add({ name, usage, doc, value: new ControlPrimitive(name, usage, required, rest, run, doc) });
  };

  define(
    '(register-finalizer! obj proc)',
    {
      doc: 'Have (proc obj) called some time after obj has become unreachable; this is not guaranteed. #t.',
      errors: 'obj is not a heap object, or a pair; proc is not a procedure',
      spec,
    },
    (vm, [obj, proc]) => {
      const who = 'register-finalizer!: first arg';
      if (!isHeapObject(obj)) throw typeError(`${who} must be a heap object`, obj);
      if (!isProcedure(proc)) throw typeError('register-finalizer!: second arg must be a procedure', proc);
      const all = finalization(vm);
      all.finalizers.set(wantTrackable(obj, who), proc);
      all.register();
      all.search(vm, [obj]);
      return all.thenGive(vm, true);
    },
  );
  define(
    '(unregister-finalizer! obj)',
    { doc: 'Remove the registration of obj; whether there was one.', errors: 'obj is not a heap object', spec },
    (vm, [obj]) => {
      if (!isHeapObject(obj)) throw typeError('unregister-finalizer!: first arg must be a heap object', obj);
      return finalization(vm).finalizers.delete(obj);
    },
  );
  define('(make-guardian)', { doc: 'A fresh guardian.', spec }, () => new Guardian());
  define(
    '(guardian-track! guardian obj)',
    {
      doc: 'Have obj queued some time after it has become unreachable; this is not guaranteed. #t.',
      errors: 'guardian is not one; obj is not a heap object, or a pair',
      spec,
    },
    (vm, [value, obj]) => {
      const guardian = want(value, Guardian, 'guardian-track!: first arg must be a guardian');
      const object = wantTrackable(obj, 'guardian-track!: second arg');
      const all = finalization(vm);
      const guardians = all.tracked.get(object) ?? new Set();
      all.tracked.set(object, guardians.add(guardian));
      all.register();
      all.search(vm, [guardian, object]);
      return all.thenGive(vm, true);
    },
  );
  define(
    '(guardian-collect guardian)',
    { doc: 'The oldest queued object, which is removed; #f if there is none.', errors: 'guardian is not one', spec },
    (vm, [value]) => {
      const guardian = want(value, Guardian, 'guardian-collect: arg must be a guardian');
      const all = finalization(vm);
      if (guardian.queue.length === 0) {
        all.look(getHeapStatistics().used_heap_size);
        all.search(vm, [guardian]);
      }
      return all.thenGive(vm, guardian.queue.shift() ?? false);
    },
  );
  define(
    '(%next-finalizer)',
    { doc: 'A finalizer to be called, and its object: a pair. #f if there is none.', spec },
    (vm) => finalization(vm).next(),
  );
}
