// Progress: a line on the terminal, and nowhere else, that says how far something is which takes longer than a second.
// Whatever is printed takes its place (`printTransient`).

import { nowMs } from '../values/clock.ts';
import { printTransient } from './output.ts';

export class Progress {
  private readonly started = nowMs();
  private readonly isWanted = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';

  /** @param delayMs  what takes less than this shows nothing; 0 for what always takes longer than a second */
  constructor(private readonly delayMs = 1000) {}

  /** Put a text in the place of the one that is shown. */
  show(text: string): void {
    if (!this.isWanted || nowMs() - this.started < this.delayMs) return;
    printTransient(text.slice(0, (process.stderr.columns || 80) - 1));
  }

  /** Take the line away. */
  end(): void {
    printTransient('');
  }
}
