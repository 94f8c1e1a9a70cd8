// docs/reference as Markdown: a page for the special forms, for each group of builtins, for each module of the library.
// Written by `npm run docs`; a test compares.

import type { Help } from './help.ts';
import { markdownList, markdownPage } from './markdown.ts';
import { modulePage, type Page } from './pages.ts';

export interface ReferencePage {
  /** In docs/reference. */
  readonly file: string;
  readonly text: string;
}

export function referencePages(help: Help): ReferencePage[] {
  const language = [formsPage(help), ...builtinPages(help)];
  const library = libraryPages(help);
  const pages = [...language, ...library].map((page) => ({ file: `${page.name}.md`, text: markdownPage(page) }));
  return [{ file: 'README.md', text: indexText(language, library) }, ...pages];
}

function indexText(language: readonly Page[], library: readonly Page[]): string {
  const text = [
    '# Reference',
    '',
    'Everything that a program can use: how it is called, what it does and gives, when it raises, and an example.',
    'In a program or at the prompt, `(help name)` shows the same, and `(apropos "text")` searches.',
    'In usage lines `[x]` may be left out, and `x …` stands for any number of arguments; where there is no other usage,',
    'none of them. Examples show the value of a form (`=>`), what it prints, or the message of its error.',
    '',
    '## The language, without an import',
    '',
    ...markdownList(language),
    '',
    '## Modules of the library',
    '',
    '`std.prelude` has all of `std.core`, `std.io`, `std.collections` and `std.math`; a file of bare forms has it without',
    'an import. The R7RS libraries `(scheme base)` and the like export the builtins and forms of R7RS.',
    '',
    ...markdownList(library),
  ];
  return `${text.join('\n')}\n`;
}

function formsPage(help: Help): Page {
  const introduction = 'What is evaluated by rules of its own.';
  return { name: 'forms', title: 'Special forms', module: null, introduction, entries: help.forms() };
}

function builtinPages(help: Help): Page[] {
  const documented = new Map(help.builtins().map((each) => [each.name, each]));
  return help.builtinPages().map(({ page: name, title, examples }) => {
    const entries = [...examples.keys()].flatMap((each) => documented.get(each) ?? []);
    return { name, title, module: null, introduction: 'Builtins: every module has them.', entries };
  });
}

const libraryPages = (help: Help): Page[] =>
  help
    .moduleNames()
    .filter((name) => name !== 'std.prelude')
    .flatMap((name) => modulePage(help, name, name.replace('.', '-')) ?? []);
