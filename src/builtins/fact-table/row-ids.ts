// Row ids: those of the live rows of a table, or of one key of an index, in ascending order.
//
// Ids only ever grow, so adding is appending. A deleted row stays in the array until the dead ones are more than half of it:
// both reading and deleting then cost what the live ids do, on average.

export class RowIds {
  private ids: number[] = [];
  private dead = 0;

  get size(): number {
    return this.ids.length - this.dead;
  }

  /** `id` is greater than all that are here. */
  add(id: number): void {
    this.ids.push(id);
  }

  /** One of the rows here, which `isLive` answers for, has been deleted. */
  forgetOne(isLive: (id: number) => boolean): void {
    this.dead++;
    if (this.dead * 2 <= this.ids.length) return;
    this.ids = this.ids.filter(isLive);
    this.dead = 0;
  }

  live(isLive: (id: number) => boolean): readonly number[] {
    return this.dead === 0 ? this.ids : this.ids.filter(isLive);
  }
}
