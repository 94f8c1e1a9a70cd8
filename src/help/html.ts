// Pages as HTML: each a file of its own without scripts, with a list of all of them at its side.

import { type Documentation, summaryOf } from './documentation.ts';
import { anchorOf, errorsOf, type Page } from './pages.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { margin: 0; display: flex; min-height: 100vh; font: 16px/1.5 system-ui, sans-serif; }
nav { flex: none; width: 15rem; padding: 1.5rem; box-sizing: border-box; border-right: 1px solid var(--line); }
nav ul { list-style: none; padding: 0; }
main { flex: 1; min-width: 0; max-width: 50rem; padding: 1.5rem 2.5rem 5rem; }
h1 { font-size: 1.6rem; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; border-top: 1px solid var(--line); padding-top: 1rem; }
h2 small { float: right; font-weight: normal; opacity: 0.6; }
a { color: inherit; text-decoration-color: var(--line); }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
pre { padding: 0.6rem 1rem; overflow-x: auto; background: var(--soft); border-radius: 4px; }
td { padding: 0.1rem 1.5rem 0.1rem 0; vertical-align: top; }
@media (max-width: 45rem) { body { display: block; } nav { width: auto; border: 0; } }`;

/** The file of each page, and index.html. @param title  what they are about */
export function htmlPages(title: string, pages: readonly Page[]): ReadonlyMap<string, string> {
  const navigation = `<nav><a href="index.html"><b>${escaped(title)}</b></a><ul>${pages.map(pageItem).join('')}</ul></nav>`;
  const file = (name: string, main: string) => document(name, navigation, main);
  const files = new Map([['index.html', file(title, indexText(title, pages))]]);
  const links = new Map(pages.flatMap((page) => page.entries.map(({ name }) => [name, linkTo(page, name)] as const)));
  for (const page of pages) files.set(`${page.name}.html`, file(page.title, pageText(page, links)));
  return files;
}

const document = (title: string, navigation: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
${navigation}
<main>
${main}
</main>
</body>
</html>
`;

const linkTo = ({ name }: Page, entry: string): string => `${encodeURI(name)}.html#${anchorOf(entry)}`;

const pageItem = ({ name }: Page): string => `<li><a href="${encodeURI(name)}.html">${escaped(name)}</a></li>`;

/** All pages, each with what is in it. */
function indexText(title: string, pages: readonly Page[]): string {
  const sections = pages.map((page) => {
    const rows = page.entries.map((each) => {
      const name = `<a href="${linkTo(page, each.name)}"><code>${escaped(each.name)}</code></a>`;
      return `<tr><td>${name}</td><td>${inline(summaryOf(each), NO_LINKS)}</td></tr>`;
    });
    return `<h2><a href="${encodeURI(page.name)}.html">${inline(page.title, NO_LINKS)}</a></h2>\n<table>${rows.join('\n')}</table>`;
  });
  return [`<h1>${escaped(title)}</h1>`, ...sections].join('\n');
}

/** Where names are described. */
type Links = ReadonlyMap<string, string>;
const NO_LINKS: Links = new Map();

function pageText({ title, module, introduction, entries }: Page, links: Links): string {
  const head = [
    `<h1>${inline(title, NO_LINKS)}</h1>`,
    module === null ? '' : `<p><code>(import ${escaped(module)})</code></p>`,
    prose(introduction, links),
  ];
  return [...head, ...entries.map((entry) => entryText(entry, links))].filter((part) => part !== '').join('\n');
}

function entryText(entry: Documentation, links: Links): string {
  const { name, kind, usage, doc, example } = entry;
  const errors = errorsOf(entry);
  return [
    `<h2 id="${anchorOf(name)}"><small>${kind}</small><code>${escaped(usage)}</code></h2>`,
    prose(doc, links),
    errors === null ? '' : `<p>Errors: ${inline(errors, links)}</p>`,
    example === '' ? '' : `<pre>${escaped(example)}</pre>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Paragraphs; lines that are indented, tables of options for example, are shown as they are. */
function prose(doc: string, links: Links): string {
  const blocks: { isTable: boolean; lines: string[] }[] = [];
  let isAfterBlank = true;
  for (const line of doc.split('\n')) {
    const isTable = line.startsWith('  ');
    const isContinued = !isAfterBlank && blocks.at(-1)?.isTable === isTable;
    isAfterBlank = line.trim() === '';
    if (isAfterBlank) continue;
    if (isContinued) blocks.at(-1)!.lines.push(line);
    else blocks.push({ isTable, lines: [line] });
  }
  return blocks
    .map(({ isTable, lines }) =>
      isTable ? `<pre>${escaped(lines.join('\n'))}</pre>` : `<p>${inline(lines.join('\n'), links)}</p>`,
    )
    .join('\n');
}

/** What stands between backquotes is code; a name that is described somewhere leads there. */
const inline = (text: string, links: Links): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') && part.length > 1 ? code(part.slice(1, -1), links) : escaped(part)))
    .join('');

function code(text: string, links: Links): string {
  const link = links.get(text);
  const shown = `<code>${escaped(text)}</code>`;
  return link === undefined ? shown : `<a href="${link}">${shown}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
