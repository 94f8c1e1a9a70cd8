// Pages: the documentation of what belongs together, before it is Markdown (markdown.ts) or HTML (html.ts).

import type { Documentation } from './documentation.ts';
import type { Help } from './help.ts';

export interface Page {
  /** Of its file, without an extension. */
  readonly name: string;
  /** The first sentence of what is said of it; of a module, its name stands before that. */
  readonly title: string;
  /** The module to import for it, null if there is none. */
  readonly module: string | null;
  /** What stands below the title. */
  readonly introduction: string;
  readonly entries: readonly Documentation[];
}

/** A module's page, null if there is no such module. */
export function modulePage(help: Help, module: string, name = module): Page | null {
  const documentation = help.module(module);
  if (documentation === null) return null;
  const { doc } = documentation;
  const [, summary, introduction] = /^(.*?)(?:[.:](?=\s|$)(.*))?$/s.exec(doc)!;
  const title = summary === '' ? module : `${module}: ${summary.replace(/\s+/g, ' ')}`;
  return { name, title, module, introduction: introduction?.trim() ?? '', entries: help.exportsOf(module) };
}

/** The place of an entry in its page: unlike the one that is made of a heading, it keeps signs apart. */
export const anchorOf = (name: string): string =>
  encodeURIComponent(name)
    .replace(/[()'*!~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
    .replaceAll('%', '_');

/** The text of an entry about errors, a sentence; null if it raises none that is known. */
export const errorsOf = ({ errors }: Documentation): string | null =>
  errors === '' || errors === 'none' ? null : `${errors}${errors.endsWith('.') ? '' : '.'}`;
