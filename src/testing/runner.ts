// Running test files, several at a time. Results are delivered in the order of the files, each as soon as those before it are.

import { type FileProcess, type FileRequest, startFile } from './file-process.ts';
import { type FileResult, hasFailed } from './results.ts';

export interface RunOptions extends Omit<FileRequest, 'file'> {
  /** How this program is started. */
  readonly command: readonly string[];
  readonly jobs: number;
  readonly timeoutMs: number | null;
  /** Whether no further file is started after one has failed. */
  readonly failFast: boolean;
}

export interface RunListener {
  /** A file has been started. */
  started?(file: string): void;
  /** In the order of the files. */
  finished(result: FileResult): void;
}

export class TestRun {
  private readonly running = new Set<FileProcess>();
  private isStopped = false;

  constructor(
    private readonly files: readonly string[],
    private readonly options: RunOptions,
  ) {}

  /** Run all files. Resolves, once no child is left, to the results; after `stop` or a failed fail-fast run, some are missing. */
  async run(listener: RunListener): Promise<FileResult[]> {
    const results: (FileResult | undefined)[] = [];
    const delivered: FileResult[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < this.files.length && !this.isStopped) {
        const index = next++;
        const result = await this.runFile(this.files[index], listener);
        // One that was stopped for another's failure has no result.
        if (result === null) return;
        results[index] = result;
        for (let due = results[delivered.length]; due !== undefined; due = results[delivered.length]) {
          delivered.push(due);
          listener.finished(due);
        }
        if (this.options.failFast && hasFailed(result)) this.stop();
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.jobs, this.files.length) }, worker));
    for (const late of results.slice(delivered.length)) {
      if (late === undefined) continue;
      delivered.push(late);
      listener.finished(late);
    }
    return delivered;
  }

  /** Start no more files, and end those that run. */
  stop(): void {
    this.isStopped = true;
    for (const each of this.running) each.stop();
  }

  private async runFile(file: string, listener: RunListener): Promise<FileResult | null> {
    const { command, timeoutMs, path, project, filter, coverage, examples, color } = this.options;
    listener.started?.(file);
    const child = startFile(command, { file, path, project, filter, coverage, examples, color }, timeoutMs);
    this.running.add(child);
    const result = await child.end;
    this.running.delete(child);
    return this.isStopped ? null : result;
  }
}
