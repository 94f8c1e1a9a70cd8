// Commands that run something: :load :reload :import :time :reset.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { nowMs } from '../../values/clock.ts';
import { NIL } from '../../values/types.ts';
import { expandHome } from '../files.ts';
import type { Repl } from '../repl.ts';

export function loadFile(repl: Repl, argument: string): number | null {
  const path = expandHome(argument);
  if (!existsSync(path)) return complain(repl, `:load: file not found: ${argument}`);
  if (!statSync(path).isFile()) return complain(repl, `:load: not a file: ${argument}`);
  const { session } = repl;
  session.enterFolder(resolve(dirname(path)));
  const outcome = session.perform(() => {
    session.submissions.load(path);
    return NIL;
  });
  if (outcome.kind === 'finished') {
    const file = realpathSync(path);
    if (!repl.submitted.some((each) => 'file' in each && each.file === file)) repl.submitted.push({ file });
  }
  return repl.show(outcome);
}

export function reloadModules(repl: Repl, argument: string): number | null {
  const { session } = repl;
  const names = argument === '' ? ownModules(repl) : [argument];
  if (argument !== '' && session.loader.get(argument) === undefined) {
    return complain(repl, `:reload: module ${argument} is not loaded; :modules lists those that are`);
  }
  let reloaded: readonly string[] = [];
  const outcome = session.perform(() => {
    reloaded = session.submissions.reload(names);
    return NIL;
  });
  if (outcome.kind === 'finished') {
    repl.print(reloaded.length === 0 ? 'nothing to load again\n' : `loaded again: ${reloaded.join(' ')}\n`);
  }
  return repl.show(outcome);
}

/** The modules of files that are not the standard library's. */
function ownModules({ session }: Repl): string[] {
  return [...session.loader.all()]
    .filter((module) => 'file' in module && typeof module.file === 'string' && !session.isLibraryFile(module.file))
    .map(({ name }) => name);
}

export const importModule = (repl: Repl, argument: string): number | null => repl.evaluate(`(import ${argument})`);

export function timeForm(repl: Repl, argument: string): number | null {
  const start = nowMs();
  const status = repl.evaluate(argument, () => {
    repl.print(`${repl.style.remark(`took ${durationText(nowMs() - start)}`)}\n`);
  });
  return status;
}

function durationText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(3)} s`;
  return ms >= 1 ? `${ms.toFixed(2)} ms` : `${(ms * 1000).toFixed(0)} µs`;
}

export function resetSession(repl: Repl): void {
  repl.reset();
  repl.print('forgotten everything\n');
}

function complain(repl: Repl, message: string): null {
  repl.host.complain(message);
  return null;
}
