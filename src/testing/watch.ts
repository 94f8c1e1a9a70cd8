// Watching folders for changes of files, for `etai test --watch`.

import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Changes that come in quick succession are one: an editor writes a file in several steps. */
const DEBOUNCE_MS = 100;

/** The changes in some folders, not in those below them. Whoever makes one closes it. */
export class Watcher {
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param notify  called after changes, which `take` tells */
  constructor(private readonly notify: () => void) {}

  /** Watch these folders, too. One that is not there is passed over. */
  add(folders: Iterable<string>): void {
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_, name) => this.note(folder, name));
        watcher.on('error', () => watcher.close());
        this.watchers.set(folder, watcher);
      } catch {
        // It has gone meanwhile, or the system watches no more folders: the others are watched.
      }
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
    for (const watcher of this.watchers.values()) watcher.close();
  }

  private note(folder: string, name: string | null): void {
    if (name === null) return;
    this.changed.add(join(folder, name));
    clearTimeout(this.timer);
    this.timer = setTimeout(this.notify, DEBOUNCE_MS);
  }
}
