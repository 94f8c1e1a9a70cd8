// Builtins for the kernel alone: they read and replace the machine's registers, or trust what the kernel has checked. From
// anywhere else, `(%jump 1 2)` would take the machine out of its bounds; so programs do not see their names, and compiled
// files that refer to them are refused.

import type { BuiltinNames } from '../compiler/builtin-scope.ts';

const KERNEL_ONLY: ReadonlySet<string> = new Set(
  [
    // control.ts
    '%jump %push-winder! %pop-winder! %winders %set-winders! %step-out! %winder-before %winder-after %winder-next',
    '%winders-of %common-winder %push-handler! %pop-handler! %raised-tag %set-handlers! %select-clause',
    // builtins/kernel-support.ts
    '%hash-map-bindings %all-pairs? %cars %cdrs %promise %promise-done? %promise-value %promise-become!',
    '%parameter-state',
    // stdlib/kernel.eta
    '%rewind %unwind %leave-winders %call-handler',
  ].flatMap((names) => names.split(' ')),
);

export const isKernelOnly = (name: string): boolean => KERNEL_ONLY.has(name);

/** The names that programs may use. */
export const withoutKernelOnly = (names: BuiltinNames): BuiltinNames => ({
  has: (name) => names.has(name) && !KERNEL_ONLY.has(name),
  keys: () => [...names.keys()].filter((name) => !KERNEL_ONLY.has(name)),
});
