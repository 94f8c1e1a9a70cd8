// Large objects. The machine looks at the heap limit every so many calls; vectors and bytevectors can fill the memory in
// between, so they count what they take, and have the limit looked at earlier.

/** After so many bytes in large objects the heap is looked at. */
const STEP_BYTES = 32 * 2 ** 20;

/** Objects with fewer elements are left to the machine's own looks. */
const LARGE = 64;

let countedBytes = 0;
let look: (() => void) | null = null;

/** From now on, `check` is called now and then; it throws if there is too much on the heap of this thread. */
export function watchAllocation(check: () => void): void {
  look = check;
}

/** Count an object that has been made. Raises the error of the heap limit. */
export function countAllocation(elements: number, elementBytes: number): void {
  if (elements < LARGE) return;
  countedBytes += elements * elementBytes;
  if (countedBytes < STEP_BYTES) return;
  countedBytes = 0;
  look?.();
}
