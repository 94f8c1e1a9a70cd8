// Modules of the standard library that this build does not have: symbolic and numeric computing. Their builtins are
// reserved, too (builtins/reserved.ts). Source: symbolic, numerics.

const FAMILIES: ReadonlySet<string> = new Set(['aad', 'causal', 'clp', 'clpb', 'clpr', 'db', 'ml', 'stats', 'torch']);

/** Whether a module belongs to a part of the library that is still to come: `std.stats`, `std.causal.admg`. */
export function comesLater(module: string): boolean {
  const [root, family] = module.split('.');
  return root === 'std' && FAMILIES.has(family);
}
