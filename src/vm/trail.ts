// The trail: how logic variables are unbound again.
//
// Each binding pushes an undo entry; a mark is a count of entries; unwinding to a mark undoes the entries above it,
// newest first. Source: language §17 (trail stack), README S2.

export class Trail {
  private readonly entries: (() => void)[] = [];

  /** The present count of entries. */
  mark(): number {
    return this.entries.length;
  }

  push(undo: () => void): void {
    this.entries.push(undo);
  }

  /**
   * Undo entries, newest first, until `mark` are left; at or above the present count nothing happens.
   * Runs no Eta code and cannot raise. Cost: linear in the entries undone.
   */
  unwind(mark: number): void {
    while (this.entries.length > mark) this.entries.pop()!();
  }
}
