// The values that suspended functions will still use: their temporaries, and the locals that are live (bytecode/liveness.ts).

import { liveSlots } from '../bytecode/liveness.ts';
import type { Closure } from '../bytecode/procedures.ts';
import type { Value } from '../values/types.ts';
import { bottomOf, isRun, pcOf, sizeOf } from './runs.ts';

/** Those of `count` records, with their closures. */
export function* liveValues(
  values: readonly Value[],
  closures: readonly Closure[],
  places: readonly number[],
  bases: readonly number[],
  count: number,
  top: number,
): Generator<unknown> {
  for (let i = 0; i < count; i++) {
    yield closures[i];
    const { code } = closures[i];
    const place = places[i];
    const live = liveSlots(code)?.get(pcOf(place));
    const end = i + 1 < count ? bottomOf(places[i + 1], bases[i + 1]) : top;
    const size = isRun(place) ? sizeOf(place) : Number.POSITIVE_INFINITY;
    for (let slot = 0, at = bottomOf(place, bases[i]); at < end; slot = slot + 1 < size ? slot + 1 : 0, at++) {
      const isDead = live !== undefined && slot < code.localCount && (live & (1n << BigInt(slot))) === 0n;
      if (!isDead) yield values[at];
    }
  }
}
