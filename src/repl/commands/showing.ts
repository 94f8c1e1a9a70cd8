// Commands that show what is there: :type :doc :source :apropos :env :modules :actors.

import { relative } from 'node:path';
import { didYouMean } from '../../compiler/suggestions.ts';
import { type Documentation, summaryOf } from '../../help/documentation.ts';
import { documentationText } from '../../help/help-text.ts';
import { fitted, textWidth } from '../../values/display-width.ts';
import { NIL } from '../../values/types.ts';
import { describe, lookUp, type NameInfo, visibleNames } from '../names.ts';
import { type Repl, SOURCE_NAME } from '../repl.ts';
import { resultText } from '../result-text.ts';
import { sourceOf } from '../source-text.ts';
import { kindOf } from '../value-kinds.ts';

export function showType(repl: Repl, argument: string): number | null {
  const outcome = repl.session.evaluateText(argument, SOURCE_NAME);
  const status = repl.show({ ...outcome, value: NIL });
  if (outcome.kind === 'finished') repl.print(`${kindOf(outcome.value ?? NIL)}\n`);
  return status;
}

export function showDoc(repl: Repl, argument: string): void {
  const documentation = documentationOf(repl, argument);
  if (documentation.length > 0) repl.print(documentation.map(documentationText).join('\n'));
  else describeName(repl, argument);
}

/** What the help knows, of the very thing that the name means at the prompt; of modules too. */
function documentationOf({ session }: Repl, name: string): readonly Documentation[] {
  const info = lookUp(session, name);
  if (info === null || info.cell === null) return session.help().lookUp(name);
  const own = info.module === null ? null : session.help().inModule(info.cell.name, info.module);
  return own === null || own.doc === '' ? [] : [own];
}

/** A name that nobody has documented: its usage, and the comment above its definition. */
function describeName(repl: Repl, argument: string): void {
  const info = known(repl, argument);
  if (info === null) return;
  const origin = info.module === null ? '' : ` of ${info.module}`;
  repl.print(`${info.usage ?? info.name}    ${repl.style.remark(info.kind + origin)}\n`);
  const { comment } = sourceOf(info) ?? { comment: '' };
  for (const text of [info.doc || comment, info.errors && `Errors: ${info.errors}`]) {
    if (text) repl.print(`${indented(text)}\n`);
  }
}

export function showSource(repl: Repl, argument: string): void {
  const info = known(repl, argument);
  if (info === null) return;
  const source = sourceOf(info);
  if (source === null) {
    const why = info.module === null ? `it is a ${info.kind}` : `${info.module} is compiled`;
    repl.host.complain(`there is no source text of ${argument}: ${why}`);
  } else {
    if (source.place !== null) repl.print(`${repl.style.remark(`;; ${source.place}`)}\n`);
    repl.print(`${source.text}\n`);
  }
}

/** What is known of a name; complains if that is nothing. */
function known(repl: Repl, argument: string): NameInfo | null {
  const info = lookUp(repl.session, argument);
  if (info === null) {
    const guess = didYouMean(argument, visibleNames(repl.session));
    repl.host.complain(`nothing is called ${argument}${guess === undefined ? '' : `; ${guess}`}`);
  }
  return info;
}

export function searchNames(repl: Repl, argument: string): void {
  const wanted = argument.toLowerCase();
  const found = visibleNames(repl.session)
    .filter((name) => name.toLowerCase().includes(wanted))
    .sort();
  if (found.length === 0) repl.host.complain(`no name contains ${argument}`);
  printNames(
    repl,
    found.map((name) => lookUp(repl.session, name)!),
  );
}

export function listNames(repl: Repl, argument: string): number | null {
  const { session } = repl;
  if (argument === '') {
    const own = [...session.submissions.names].filter(
      ([name, binding]) => !/^_+$/.test(name) && describe(session, name, binding).module === null,
    );
    const infos = own
      .filter(([, { kind }]) => kind === 'global' || kind === 'macro')
      .map(([name, binding]) => describe(session, name, binding));
    if (infos.length === 0) repl.print('you have not defined anything yet\n');
    printNames(repl, infos);
    return null;
  }
  const outcome = session.perform(() => {
    session.loader.require(argument);
    return NIL;
  });
  const module = session.loader.get(argument);
  if (module === undefined) {
    if (outcome.findings.length === 0) repl.host.complain(`there is no module ${argument}`);
    return repl.show(outcome);
  }
  printNames(
    repl,
    [...module.exports].map(([name, binding]) => describe(session, name, binding)),
  );
  return null;
}

const MOST_NAME_COLUMNS = 32;
const GLIMPSE = { items: 8, depth: 2, width: Number.POSITIVE_INFINITY };

/** A line for each: its usage, and what it is or does. */
function printNames(repl: Repl, infos: readonly NameInfo[]): void {
  const lefts = infos.map((info) => info.usage ?? info.name);
  const column = Math.min(MOST_NAME_COLUMNS, Math.max(0, ...lefts.map(({ length }) => length))) + 2;
  infos.forEach((info, i) => {
    const left = `${lefts[i].padEnd(column - 1)} `;
    const room = Math.max(8, repl.style.width() - textWidth(left));
    repl.print(`${left}${repl.style.remark(fitted(glimpseOf(info), room))}\n`);
  });
}

function glimpseOf({ doc, usage, kind, cell }: NameInfo): string {
  if (doc !== '') return summaryOf({ doc });
  if (usage !== null || cell === null) return kind;
  return `= ${resultText(cell.value, GLIMPSE).text}`;
}

export function listModules(repl: Repl): void {
  const { session } = repl;
  for (const module of session.loader.all()) {
    if (!('file' in module) || typeof module.file !== 'string') continue;
    const file = session.isLibraryFile(module.file) ? 'standard library' : shortPath(module.file);
    repl.print(`${module.name.padEnd(20)} ${repl.style.remark(file)}\n`);
  }
}

const shortPath = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
};

export function listActors(repl: Repl): void {
  const { children, threads } = repl.session.actors;
  if (children.length + threads.length === 0) repl.print('there are no actors\n');
  const state = (alive: boolean) => (alive ? 'running' : 'ended');
  for (const { pid, modulePath, alive } of children) {
    repl.print(`process ${String(pid).padEnd(8)} ${state(alive).padEnd(8)} ${shortPath(modulePath)}\n`);
  }
  for (const { index, modulePath, funcName, alive } of threads) {
    const what = modulePath.startsWith('(') ? funcName : `${funcName} of ${shortPath(modulePath)}`;
    repl.print(`thread  ${String(index).padEnd(8)} ${state(alive).padEnd(8)} ${what}\n`);
  }
}

const indented = (text: string): string => text.replace(/^/gm, '  ');
