// The trail: how logic variables are unbound again.
//
// Each binding and each change of an attribute pushes an entry; a mark is a count of entries; unwinding to a mark undoes
// the entries above it, newest first. What an entry needs is in its properties, where reachability.ts sees it.
// Source: symbolic §4, README S2.

export interface TrailEntry {
  undo(): void;
}

export class Trail {
  private readonly entries: TrailEntry[] = [];

  /** The present count of entries. */
  mark(): number {
    return this.entries.length;
  }

  push(entry: TrailEntry): void {
    this.entries.push(entry);
  }

  /** The entries above a mark, oldest first. */
  since(mark: number): readonly TrailEntry[] {
    return this.entries.slice(mark);
  }

  /**
   * Undo entries, newest first, until `mark` are left; at or above the present count nothing happens.
   * Runs no Eta code and cannot raise. Cost: linear in the entries undone.
   */
  unwind(mark: number): void {
    while (this.entries.length > Math.max(0, mark)) this.entries.pop()!.undo();
  }
}
