// The texts of stdlib/help: special forms, and the examples of the builtins.
//
//   forms.txt      name | usage | documentation | errors
//                    an example, any number of lines
//
//   builtins.txt   # page | title of the page
//                  name
//                    an example

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Documentation } from './documentation.ts';

interface Block {
  readonly head: string;
  readonly example: string;
}

/** A page of builtins: their names in order, each with its example. */
export interface BuiltinPage {
  readonly page: string;
  readonly title: string;
  readonly examples: ReadonlyMap<string, string>;
}

/** Lines that are not indented, each with the indented ones below it. */
function blocksOf(text: string): Block[] {
  const blocks: { head: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) blocks.at(-1)?.lines.push(line.slice(2));
    else if (line !== '') blocks.push({ head: line, lines: [] });
  }
  return blocks.map(({ head, lines }) => ({ head, example: lines.join('\n') }));
}

/** The special forms, in the order of the file. */
export function readForms(library: string): Documentation[] {
  return blocksOf(readFileSync(join(library, 'help', 'forms.txt'), 'utf8')).map(({ head, example }) => {
    const [name, usage, doc, errors] = head.split(' | ');
    return { name, kind: 'special form', usage, doc, errors: errors ?? '', example, module: null, source: null };
  });
}

export function readBuiltinPages(library: string): BuiltinPage[] {
  const pages: (BuiltinPage & { examples: Map<string, string> })[] = [];
  for (const { head, example } of blocksOf(readFileSync(join(library, 'help', 'builtins.txt'), 'utf8'))) {
    const [, page, title] = /^# (\S+) \| (.*)$/.exec(head) ?? [];
    if (page === undefined) pages.at(-1)?.examples.set(head, example);
    else pages.push({ page, title, examples: new Map() });
  }
  return pages;
}
