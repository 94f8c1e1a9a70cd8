// The heap limit: infinite recursion and endless data end in a catchable error, not in the death of the process.
//
// The limit counts what the program adds to the heap that was there when the machine first looked. What V8 reports in use
// includes garbage; so before the error is raised a collection shows what is really alive.
//
// Source: README L16, tools §1.1 (ETA_HEAP_SOFT_LIMIT).

import { totalmem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchAllocation } from '../values/allocation.ts';
import { EtaError } from '../values/errors.ts';
import { checkInterruption } from '../values/interruption.ts';

/** Where no limit is set: a share of V8's own limit, and of the machine's memory. */
const defaultLimit = (): number => Math.min(getHeapStatistics().heap_size_limit * 0.75, totalmem() * 0.5);

export class HeapLimit {
  /** Both are set by the first check: short programs need not ask the host at all. */
  private limit = 0;
  /** Heap size at which it is worth looking closer. */
  private threshold = 0;

  /** Told the size of the heap at each check. */
  observer: { look(heapSize: number): void } | null = null;

  constructor(private readonly limitBytes: number | null) {
    watchAllocation(() => this.check());
  }

  /**
   * Raise `heap error: HeapError::SoftHeapLimitExceeded` if more than the limit is alive. The machine asks now and then,
   * so this is also where a thread actor that computes finds out that it is to end.
   */
  check(): void {
    checkInterruption();
    if (this.limit === 0) {
      const { limitBytes } = this;
      this.limit = limitBytes === null ? defaultLimit() : limitBytes + heapSize();
      this.threshold = this.limit;
    }
    const size = heapSize();
    this.observer?.look(size);
    if (size <= this.threshold) return;
    const alive = sizeAlive(this.limit);
    if (alive > this.limit) throw new EtaError('runtime.heap-error', 'heap error: HeapError::SoftHeapLimitExceeded');
    // Much alive, little room: let some garbage gather before collecting again.
    this.threshold = Math.max(this.limit, alive * 1.1);
  }
}

/** V8's heap and what hangs on it elsewhere: the bytes of bytevectors. */
function heapSize(): number {
  const { used_heap_size: own, external_memory: elsewhere } = getHeapStatistics();
  return own + elsewhere;
}

let gc: (() => void) | null = null;

/**
 * The size of what is alive, as far as it matters whether that is more than the limit. V8 frees the bytes of dead
 * bytevectors on a thread of its own and takes them off its count when it collects again: so the second look is the one
 * to be believed.
 */
function sizeAlive(limit: number): number {
  if (gc === null) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
  if (heapSize() > limit) gc();
  return heapSize();
}

/** `N[K|M|G]` in bytes; null for anything else, which means the default. */
export function parseHeapLimit(text: string | undefined): number | null {
  const match = /^(\d+)([kmg]?)\s*$/i.exec(text ?? '');
  if (match === null) return null;
  const bytes = Number(match[1]) * 1024 ** ' kmg'.indexOf(match[2] === '' ? ' ' : match[2].toLowerCase());
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}
