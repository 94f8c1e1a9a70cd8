// Which variables are known to hold a pair: what has had its car taken need not be looked at again for its cdr.
//
// A fact holds from where it is found, down to where the variable is assigned; where ways meet, if all of them have it.

export class KnownPairs {
  private known = new Set<string>();
  /** What all jumps to a place so far agree on. */
  private readonly atTargets = new Map<number, Set<string>>();

  has(variable: string): boolean {
    return this.known.has(variable);
  }

  add(variable: string): void {
    this.known.add(variable);
  }

  /** A variable holds a pair where this is done, and it may not elsewhere. */
  during<T>(variable: string, action: () => T): T {
    const { known } = this;
    this.known = new Set([...known, variable]);
    const result = action();
    this.known = known;
    return result;
  }

  assigned(variable: string): void {
    this.known.delete(variable);
  }

  forgetAll(): void {
    this.known.clear();
  }

  /** Control may go from here to a place further down. */
  jumpTo(pc: number): void {
    const agreed = this.atTargets.get(pc) ?? this.known;
    this.atTargets.set(pc, new Set([...agreed].filter((variable) => this.known.has(variable))));
  }

  /** Control may come to a place from anywhere. */
  comeTo(pc: number): void {
    this.atTargets.set(pc, new Set());
  }

  /** The place is reached, from here too or by jumps only. */
  arrive(pc: number, isReachable: boolean): void {
    if (isReachable) this.jumpTo(pc);
    this.known = new Set(this.atTargets.get(pc));
  }
}
