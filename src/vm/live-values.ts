// The values that suspended functions will still use: their temporaries, and the locals that are live (bytecode/liveness.ts).

import { liveSlots } from '../bytecode/liveness.ts';
import type { Closure } from '../bytecode/procedures.ts';
import type { Value } from '../values/types.ts';

/** Those of `count` functions, with their closures. */
export function* liveValues(
  values: readonly Value[],
  closures: readonly Closure[],
  pcs: readonly number[],
  bases: readonly number[],
  count: number,
  top: number,
): Generator<unknown> {
  for (let i = 0; i < count; i++) {
    yield closures[i];
    const { code } = closures[i];
    const live = liveSlots(code)?.get(pcs[i]);
    const end = i + 1 < count ? bases[i + 1] : top;
    for (let slot = 0, at = bases[i]; at < end; slot++, at++) {
      const isDead = live !== undefined && slot < code.localCount && (live & (1n << BigInt(slot))) === 0n;
      if (!isDead) yield values[at];
    }
  }
}
