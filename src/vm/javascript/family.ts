// Families: functions that tail calls lead to from the function of a unit, and that are written into the same unit.
//
// A tail call of one of them is a jump. So loops that go through several functions, as those of state machines and of
// programs in continuation-passing style do, are loops of the host, too:
//
//     (define (f x) … (g (- x 1)))    function eta_f(self, d, l0) {
//     (define (g y) … (f (- y 1)))      let s = 0; …
//                                       start: for (;;) { switch (s) {
//                                         case 0: { … l0 = l0 - 1; self = c1; s = 1; continue start; }
//                                         case 1: { … l0 = l0 - 1; self = c0; s = 0; continue start; }
//                                       } }
//
// Only one member is running at any time, as `self` says, so all have the same variables; and what is captured is a frame
// of `self`, whichever that is.

import type { CodeObject } from '../../bytecode/code.ts';
import { Op } from '../../bytecode/ops.ts';
import { contains, isFit } from './inlining.ts';

/** Words of bytecode of all members but the first. */
const ROOM = 300;

export class Family {
  /** By the number that `s` has for it. */
  readonly members: CodeObject[];
  /** The number of the one that is being written. */
  current = 0;
  /** Whether there is a jump to a member. */
  isLoop = false;
  private room = ROOM;

  constructor(own: CodeObject | null) {
    this.members = own === null ? [] : [own];
  }

  /** Whether it is a member or can become one. What makes no tail call is better called: it comes back. */
  admits(code: CodeObject): boolean {
    if (this.members.includes(code)) return true;
    const { length } = code.code;
    return length <= this.room && !code.rest && isFit(code) && contains(code, Op.TailCall, 0, length);
  }

  /** The number of one that is admitted. */
  stateOf(code: CodeObject): number {
    const state = this.members.indexOf(code);
    if (state >= 0) return state;
    this.room -= code.code.length;
    return this.members.push(code) - 1;
  }
}
