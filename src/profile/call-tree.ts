// The call tree: samples of V8 as time in functions of Eta.
//
//   V8:   (root) → main → execute → eta:fib → eta:fib → add        Eta:   all → fib
//                         └─ eta:show → (garbage collector)                └─ show → garbage collection
//
// Frames of generated code carry the function in their URL (functionLabel, vm/javascript/tier.ts). All other frames are
// ours, or the host's: what they take counts to the Eta function that they serve.

import type { Profiler } from 'node:inspector';
import { functionOfLabel } from '../vm/javascript/labels.ts';

export interface CallNode {
  readonly name: string;
  /** `file.eta:LINE`; empty for what is not in a file. */
  readonly place: string;
  /** Milliseconds in the function itself, and in the builtins that it called. */
  selfMs: number;
  readonly children: Map<string, CallNode>;
}

const GARBAGE_COLLECTOR = '(garbage collector)';
/** The machine's loop: what runs in it was not translated. */
const INTERPRETER = 'execute';

/** The tree below a root that stands for the whole run. */
export function callTree(profile: Profiler.Profile): CallNode {
  const root = node('all', '');
  const byId = new Map(profile.nodes.map((each) => [each.id, each]));
  const selfMs = selfTimes(profile);
  const pending = [{ id: profile.nodes[0].id, under: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { callFrame, children = [], id } = byId.get(next.id)!;
    const at = frameOf(callFrame, next.under);
    at.selfMs += selfMs.get(id) ?? 0;
    // Only Eta's frames are parents: below garbage collection and the interpreter, the path goes on as it was.
    const under = callFrame.url.startsWith('eta:') ? at : next.under;
    for (const child of children) pending.push({ id: child, under });
  }
  return root;
}

/** Milliseconds between the samples that found each node running. */
function selfTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, index) => {
    // A sample stands for the time until the next one.
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[index + 1] ?? 0) / 1000);
  });
  return times;
}

function frameOf({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame'], under: CallNode): CallNode {
  const known = functionOfLabel(url);
  if (known !== null) {
    const { name, place } = known;
    return under.name === name && under.place === place ? under : child(under, name, place);
  }
  if (functionName === GARBAGE_COLLECTOR) return child(under, 'garbage collection', '');
  return functionName === INTERPRETER ? child(under, 'interpreter', '') : under;
}

function child(parent: CallNode, name: string, place: string): CallNode {
  const key = `${name} ${place}`;
  const found = parent.children.get(key) ?? node(name, place);
  parent.children.set(key, found);
  return found;
}

const node = (name: string, place: string): CallNode => ({ name, place, selfMs: 0, children: new Map() });

/** Milliseconds in a node and below it. */
export function totalMs(root: CallNode): number {
  let total = 0;
  const pending = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    total += next.selfMs;
    pending.push(...next.children.values());
  }
  return total;
}
