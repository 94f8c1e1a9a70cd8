// docs/reference as Markdown: a page for the special forms, for each group of builtins, for each module of the library.
// Written by `npm run docs`; a test compares.

import type { Documentation } from './documentation.ts';
import type { Help } from './help.ts';

export interface ReferencePage {
  /** In docs/reference. */
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

export function referencePages(help: Help): ReferencePage[] {
  const pages = [formsPage(help), ...builtinPages(help), ...modulePages(help)];
  return [indexPage(pages), ...pages];
}

function indexPage(pages: readonly ReferencePage[]): ReferencePage {
  const list = (kind: (file: string) => boolean) =>
    pages.filter(({ file }) => kind(file)).map(({ file, title }) => `- [${title}](${file})`);
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
    ...list((file) => !file.startsWith('std-')),
    '',
    '## Modules of the library',
    '',
    '`std.prelude` has all of `std.core`, `std.io`, `std.collections` and `std.math`; a file of bare forms has it without',
    'an import. The R7RS libraries `(scheme base)` and the like export the builtins and forms of R7RS.',
    '',
    ...list((file) => file.startsWith('std-')),
  ];
  return { file: 'README.md', title: 'Reference', text: `${text.join('\n')}\n` };
}

function formsPage(help: Help): ReferencePage {
  return page('forms.md', 'Special forms', 'What is evaluated by rules of its own.', help.forms());
}

function builtinPages(help: Help): ReferencePage[] {
  const documented = new Map(help.builtins().map((each) => [each.name, each]));
  return help.builtinPages().map(({ page: name, title, examples }) => {
    const entries = [...examples.keys()].flatMap((each) => documented.get(each) ?? []);
    return page(`${name}.md`, title, 'Builtins: every module has them.', entries);
  });
}

function modulePages(help: Help): ReferencePage[] {
  return help.moduleNames().flatMap((name) => {
    const module = name === 'std.prelude' ? null : help.module(name);
    if (module === null) return [];
    const entries = (module.exports ?? []).flatMap((each) => help.inModule(each, name) ?? []);
    const { doc } = module;
    const title = `${name}: ${/^(.*?)[.:](?=\s|$)/s.exec(doc)?.[1].replace(/\s+/g, ' ') ?? doc}`;
    // The first sentence is the title.
    const rest = doc.slice(doc.search(/[.:](?=\s|$)/) + 1).trim();
    const introduction = [`\`(import ${name})\``, ...(rest === '' ? [] : [proseOf(rest)])].join('\n\n');
    return [page(`${name.replace('.', '-')}.md`, title, introduction, entries)];
  });
}

function page(file: string, title: string, introduction: string, entries: readonly Documentation[]): ReferencePage {
  const names = entries.map(({ name }) => `[\`${name}\`](#${anchorOf(name)})`).join(' · ');
  const text = [`# ${title}`, introduction, names, ...entries.map(entryText)].join('\n\n');
  return { file, title, text: `${text}\n` };
}

function entryText({ name, usage, doc, errors, example }: Documentation): string {
  return [
    `<a id="${anchorOf(name)}"></a>\n\n## ${escaped(name)}`,
    `\`${usage}\``,
    proseOf(doc),
    ...(errors === '' || errors === 'none' ? [] : [`Errors: ${escaped(errors)}${errors.endsWith('.') ? '' : '.'}`]),
    `\`\`\`scheme\n${example}\n\`\`\``,
  ].join('\n\n');
}

/** Lines that are indented, tables of options for example, are shown as they are. */
function proseOf(doc: string): string {
  const isTable = doc.split('\n').some((line) => line.startsWith('  '));
  if (!isTable) return escaped(doc);
  return doc
    .split(/\n\n(?= {2})|(?<=\n {2}[^\n]*)\n\n/)
    .map((part) => (part.startsWith('  ') ? `\`\`\`text\n${part}\n\`\`\`` : escaped(part)))
    .join('\n\n');
}

/** Characters that mean something in Markdown. */
const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[\\*_<>[\]]/g, '\\$&')))
    .join('');

/** The place of an entry in its page: unlike the one that is made of a heading, it keeps signs apart. */
const anchorOf = (name: string): string =>
  encodeURIComponent(name)
    .replace(/[()'*!~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
    .replaceAll('%', '_');
