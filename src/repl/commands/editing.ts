// Commands about the prompt itself: :set :edit :save.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nearestName } from '../../compiler/suggestions.ts';
import { writeWhole } from '../../values/whole-file.ts';
import { expandHome } from '../files.ts';
import type { Repl, Submitted } from '../repl.ts';
import { DEFAULT_SETTINGS, SETTING_HELP, type Settings } from '../settings.ts';

export function setOption(repl: Repl, argument: string): null {
  const [option = '', value, ...rest] = argument.split(/\s+/);
  if (argument === '') return listOptions(repl);
  if (!isSetting(option)) {
    const near = nearestName(option, Object.keys(DEFAULT_SETTINGS));
    repl.host.complain(`:set: no option is called ${option}${near === null ? '' : `; did you mean '${near}'?`}`);
    return null;
  }
  const number = value === 'off' ? null : Number(value);
  if (rest.length > 0 || (number !== null && !(Number.isInteger(number) && number > 0))) {
    repl.host.complain(`:set: ${option} is a positive number, or off`);
    return null;
  }
  repl.settings[option] = number;
  return null;
}

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(DEFAULT_SETTINGS, name);

function listOptions(repl: Repl): null {
  for (const name of Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[]) {
    const value = String(repl.settings[name] ?? 'off');
    repl.print(`${name.padEnd(8)} ${value.padEnd(6)} ${repl.style.remark(SETTING_HELP[name])}\n`);
  }
  return null;
}

/** Evaluate what the user makes of the last submission in an editor. */
export function editSubmission(repl: Repl): number | null {
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'eta-edit-'));
  const file = join(folder, 'submission.eta');
  try {
    const last = repl.submitted.findLast((each) => 'text' in each);
    const before = last?.text ?? '';
    writeFileSync(file, before === '' ? '' : `${before}\n`);
    repl.session.flush();
    // The variable may hold options, too: the shell takes it apart.
    const { status, error } = spawnSync(`${editor} "$ETA_EDITED_FILE"`, {
      shell: true,
      stdio: 'inherit',
      env: { ...process.env, ETA_EDITED_FILE: file },
    });
    if (status !== 0) {
      repl.host.complain(`:edit: ${editor} failed: ${error?.message ?? `status ${status}`}`);
      return null;
    }
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') return null;
    repl.print(`${text}\n`);
    return repl.evaluate(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Write what has run without an error to a file, which a program could be. Only what we have written is overwritten. */
export function saveSubmissions(repl: Repl, argument: string): void {
  const { submitted, saved } = repl;
  const path = resolve(expandHome(argument));
  if (submitted.length === 0) return repl.host.complain(':save: nothing has been entered yet');
  try {
    if (existsSync(path) && saved.get(path) !== readFileSync(path, 'utf8'))
      return repl.host.complain(`:save: ${argument} is there already, and not as :save has written it`);
    const text = submitted.map((each) => `${programText(repl, each).trim()}\n`).join('');
    writeWhole(path, text);
    saved.set(path, text);
    repl.print(`saved ${submitted.length} ${submitted.length === 1 ? 'input' : 'inputs'}\n`);
  } catch (thrown) {
    const { code, path: failed } = thrown as NodeJS.ErrnoException;
    const isLoaded = submitted.some((each) => 'file' in each && each.file === failed) && failed !== path;
    repl.host.complain(`:save: cannot ${isLoaded ? `read ${failed}` : `write ${argument}`} (${code})`);
  }
}

/** What a program says for a submission: for `:load` the file's text, and the imports that the prompt has made of it. */
function programText({ session }: Repl, submitted: Submitted): string {
  if ('text' in submitted) return submitted.text;
  const imports = [...session.loader.modulesOfFile(submitted.file)]
    .filter(({ isImplicit }) => !isImplicit)
    .map(({ name }) => `(import ${name})\n`);
  return `${readFileSync(submitted.file, 'utf8')}\n${imports.join('')}`;
}
