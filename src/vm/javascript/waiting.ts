// The frames that wait for a call in a unit, and the expressions that capture them.
//
// Where a recursion is inlined into itself, most of them are of one closure at one place: a run (vm/runs.ts), which is
// captured as one.

import { fitsRun, MAX_RUN } from '../runs.ts';
import { FEW_VALUES } from './protocol.ts';

/** An activation that waits for a value, as JavaScript. */
export interface WaitingFrame {
  readonly self: string;
  readonly pc: number;
  readonly values: readonly string[];
}

/** Expressions that capture these frames, which are without a `catch`, the innermost first. */
export function captures(frames: readonly WaitingFrame[]): string[] {
  const expressions: string[] = [];
  for (let i = 0; i < frames.length; ) {
    const run = runAt(frames, i);
    expressions.push(...(run.length === 1 ? [captureOne(run[0])] : captureRun(run)));
    i += run.length;
  }
  return expressions;
}

/** The frames from this one on that can be captured as one. */
export function runAt(frames: readonly WaitingFrame[], at: number): readonly WaitingFrame[] {
  const { pc, values } = frames[at];
  let end = at + 1;
  if (!fitsRun(pc, values.length)) return [frames[at]];
  while (end < frames.length && end - at < MAX_RUN && isAlike(frames[end], frames[at])) end++;
  return frames.slice(at, end);
}

const isAlike = (a: WaitingFrame, b: WaitingFrame): boolean =>
  a.self === b.self && a.pc === b.pc && a.values.length === b.values.length;

function captureOne({ self, pc, values }: WaitingFrame): string {
  const { length } = values;
  return length <= FEW_VALUES
    ? `rt.captureFew(${[self, pc, length, ...padded(values)].join(', ')})`
    : `rt.capture(${self}, ${pc}, [${values.join(', ')}], null)`;
}

function captureRun(run: readonly WaitingFrame[]): string[] {
  const [{ self, pc, values }] = run;
  const all = [...run].reverse().flatMap((frame) => frame.values);
  const expressions = [`rt.captureRun(${self}, ${pc}, ${values.length}, ${run.length})`];
  for (let i = 0; i < all.length; i += FEW_VALUES) {
    expressions.push(`rt.put(${padded(all.slice(i, i + FEW_VALUES)).join(', ')})`);
  }
  return expressions;
}

/** With as many values as what takes a few is called with, so that V8 sees calls with all their arguments. */
export const padded = (values: readonly string[]): readonly string[] => [
  ...values,
  ...Array.from({ length: FEW_VALUES - values.length }, () => '0'),
];
