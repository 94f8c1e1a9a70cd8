// Pages as Markdown.

import type { Documentation } from './documentation.ts';
import { anchorOf, errorsOf, type Page } from './pages.ts';

export function markdownPage({ title, module, introduction, entries }: Page): string {
  const names = entries.map(({ name }) => `[\`${name}\`](#${anchorOf(name)})`).join(' · ');
  const parts = [
    `# ${title}`,
    module === null ? '' : `\`(import ${module})\``,
    proseOf(introduction),
    names,
    ...entries.map(entryText),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function entryText(entry: Documentation): string {
  const { name, usage, doc, example } = entry;
  const errors = errorsOf(entry);
  return [
    `<a id="${anchorOf(name)}"></a>\n\n## ${escaped(name)}`,
    `\`${usage}\``,
    proseOf(doc),
    errors === null ? '' : `Errors: ${escaped(errors)}`,
    example === '' ? '' : `\`\`\`scheme\n${example}\n\`\`\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
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

/** A list of pages. */
export const markdownList = (pages: readonly Pick<Page, 'name' | 'title'>[]): string[] =>
  pages.map(({ name, title }) => `- [${title}](${name}.md)`);
