// Watching folders for changes of files, for `etai test --watch`.
//
// A folder that goes takes its watcher along, and its changes are told by the folder around it. So whoever watches adds
// his folders again after each change; what is watched already costs nothing.

import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { statusOf } from '../values/file-status.ts';

/** Changes that come in quick succession are one: an editor writes a file in several steps. */
const DEBOUNCE_MS = 100;

/** The changes in some folders, not in those below them. Whoever makes one closes it. */
export class Watcher {
  private readonly watched = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param notify  called after changes, which `take` tells */
  constructor(private readonly notify: () => void) {}

  /** Watch these folders, too; for one that is not there, what is left of the way to it. */
  add(folders: Iterable<string>): void {
    for (const folder of folders) this.watch(folder);
  }

  private watch(folder: string): void {
    const identity = identityOf(folder);
    const known = this.watched.get(folder);
    if (known !== undefined && known.identity === identity) return;
    if (known !== undefined) {
      known.watcher.close();
      this.watched.delete(folder);
      this.changed.add(folder);
    }
    if (identity === null) return folder === dirname(folder) ? undefined : this.watch(dirname(folder));
    try {
      const watcher = watch(folder, (_, name) => this.note(folder, name));
      watcher.on('error', () => watcher.close());
      this.watched.set(folder, { watcher, identity });
    } catch {
      // It has gone meanwhile, or the system watches no more folders: the others are watched.
    }
  }

  /** The paths that have changed since the last call. */
  take(): string[] {
    const taken = [...this.changed];
    this.changed.clear();
    return taken;
  }

  close(): void {
    clearTimeout(this.timer);
    for (const { watcher } of this.watched.values()) watcher.close();
  }

  private note(folder: string, name: string | null): void {
    if (name === null) return;
    this.changed.add(join(folder, name));
    clearTimeout(this.timer);
    this.timer = setTimeout(this.notify, DEBOUNCE_MS);
  }
}

/** Which folder it is, whatever it is called; null if there is none. */
function identityOf(folder: string): string | null {
  const stat = statusOf(folder);
  return stat?.isDirectory() ? `${stat.dev}:${stat.ino}` : null;
}
