// What is tried, in the order of the table that a campaign prints.
//
// A scenario starts programs in a world of its own, does them harm, and checks what they were promised. It answers with
// what it has found, in a few words; a promise that was not kept is thrown (`Broken`). Whether anything is left over
// is checked by the campaign.

import { churnProcesses, churnThreads, crowd } from './crowds.ts';
import { childrenKilled, closedSockets, endings, parentsKilled } from './deaths.ts';
import { fullDisk, noDescriptors, portsInUse } from './exhaustion.ts';
import { badFrames, badGreetings, floods, hugeFrames } from './hostile-peers.ts';
import type { World } from './world.ts';

export interface Scenario {
  readonly name: string;
  /** What is found; throws Broken for a promise not kept, Skipped where the machine does not allow it. */
  readonly run: (world: World) => Promise<string>;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'children killed while they send', run: (world) => childrenKilled(world, 'stream') },
  { name: 'children killed while they answer', run: (world) => childrenKilled(world, 'echo') },
  { name: 'children killed that do not listen', run: (world) => childrenKilled(world, 'deaf') },
  { name: 'parents killed by SIGKILL', run: (world) => parentsKilled(world, 'SIGKILL') },
  { name: 'parents ended by SIGTERM', run: (world) => parentsKilled(world, 'SIGTERM') },
  { name: 'parents ended by SIGINT', run: (world) => parentsKilled(world, 'SIGINT') },
  { name: 'threads and processes end in every way', run: endings },
  { name: 'sockets closed under a blocked receiver', run: closedSockets },
  { name: 'peers with a bad greeting', run: badGreetings },
  { name: 'peers with garbage, half frames, deep nesting', run: badFrames },
  { name: 'frames of 100 MB, and longer by their header', run: hugeFrames },
  { name: 'frames at full speed to a slow reader', run: floods },
  { name: 'ports in use', run: portsInUse },
  { name: 'a full disk for the socket folder', run: fullDisk },
  { name: 'no descriptors left for sockets', run: (world) => noDescriptors(world, 'pairs') },
  { name: 'no descriptors left for processes', run: (world) => noDescriptors(world, 'processes') },
  { name: 'no descriptors left for threads', run: (world) => noDescriptors(world, 'threads') },
  { name: 'many actors alive at once', run: crowd },
  { name: 'processes started and killed', run: churnProcesses },
  { name: 'threads started and let go', run: churnThreads },
];
