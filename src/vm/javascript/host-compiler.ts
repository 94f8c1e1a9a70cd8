// What the tier asks of V8's own compilers.
//
// The bytecode interpreter's loop looks hot to V8 before the program is: compiling it costs the CPU time of forty
// milliseconds, it is thrown out when the first instruction comes that had not been seen yet, and by then the program runs
// in generated code. So V8 is told to leave it to its baseline compiler. Whole programs of 100 to 300 ms take 0.85 of
// the CPU time; those that capture all the time, and so return to the interpreter, lose nothing.

import { setFlagsFromString } from 'node:v8';

/**
 * How much V8 inlines, in bytes of its bytecode: one function, and all into one. Its own limits (460 and 920) are made for
 * code that people wrote; ours is longer for what JavaScript does not do, and most of that is never run. And how often a
 * call has to be made to be inlined at all, however small the callee: V8 wants one in seven calls of the function, so that
 * a `cons` in one of many branches was a call.
 */
const INLINING = [
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=3000',
  '--min-inlining-frequency=0.02',
];

/** What tells bin/etai that V8 has other flags than at first, so that code caches have to be those for them. */
const HOT = Symbol.for('eta.hot');

let isInliningAllowed = false;
let unoptimised: unknown = null;

/** Before the first generated code is made. The flags are the whole process's. */
export function allowInlining(): void {
  if (isInliningAllowed) return;
  for (const flag of INLINING) setFlagsFromString(flag);
  isInliningAllowed = true;
  Reflect.set(globalThis, HOT, true);
}

/** Whether inlining is allowed, as far as this thread knows. */
export const isHot = (): boolean => Reflect.get(globalThis, HOT) === true;

/**
 * For the interpreter, after the first few hundred calls: V8 is not that quick, and programs that stay cold start
 * without Node's module for it, which takes 2 ms. Later, V8 may have begun, and other functions wait until it has done,
 * though it then throws the result away. There is no other way to say it than V8's own tests have.
 *
 * The flag that lets it be said is the whole process's. A thread that another one has just taken it away from gets a syntax
 * error and does without: it may then be slower, nothing else.
 */
export function leaveUnoptimised(interpreter: unknown): void {
  if (interpreter === unoptimised) return;
  unoptimised = interpreter;
  setFlagsFromString('--allow-natives-syntax');
  try {
    new Function('target', '%NeverOptimizeFunction(target);')(interpreter);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}
