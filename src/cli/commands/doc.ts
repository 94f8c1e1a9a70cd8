// etai doc: the documentation of a project as pages, or what is known of a name (tools §8, §16.4).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { documentationText } from '../../help/help-text.ts';
import { htmlPages } from '../../help/html.ts';
import { markdownList, markdownPage } from '../../help/markdown.ts';
import { modulePage, type Page } from '../../help/pages.ts';
import { fail, guarded } from '../../project/errors.ts';
import type { Manifest } from '../../project/manifest.ts';
import { findProject, openProject, packageFolders } from '../../project/project.ts';
import { type Documented, withDocumentation } from '../../session/documenter.ts';
import { makeFolder } from '../../values/folders.ts';
import { writeWhole } from '../../values/whole-file.ts';
import { choiceOption, commandLine } from '../command-line.ts';
import { complain, FAILURE, print, report } from '../output.ts';
import { etaFiles } from '../source-files.ts';
import { NO_PROJECT, perform, say, tellFetch } from './project/support.ts';

const FORMATS = ['html', 'markdown'] as const;

interface Options {
  readonly open?: boolean;
  readonly output?: string;
  readonly format?: string;
}

const NOTE = `
Documentation is written as ;;; comments above definitions and modules. Of each module in src the pages have what it
exports.`;

export function run(argv: readonly string[]): Promise<number> {
  const program = commandLine('doc', "Write pages about the project's modules, or tell what is known of a name.")
    .argument('[name]', 'a form, builtin, procedure or module, of the project, too')
    .option('--open', 'show the pages in the browser')
    .option('-o, --output <dir>', 'where to put the pages; without it into .eta/target/doc')
    .addOption(choiceOption('--format <format>', 'what pages to write; without it both', FORMATS, (format) => format))
    .addHelpText('after', NOTE);
  return perform(program, argv, () => {
    const options = program.opts<Options>();
    const [name] = program.args;
    return name === undefined ? writePages(openProject(process.cwd(), NO_PROJECT), options) : tell(name);
  });
}

/** Look at the sources of a project, none outside of projects. */
async function documented<T>(project: Manifest | null, use: (documented: Documented) => T): Promise<T> {
  if (project === null) return withDocumentation([], {}, use);
  const folders = await packageFolders(project, tellFetch);
  return withDocumentation(etaFiles([sourceFolder(project)]).files, { project: folders }, use);
}

function sourceFolder({ root }: Manifest): string {
  const sources = join(root, 'src');
  return existsSync(sources) ? sources : root;
}

// ---- a name

async function tell(name: string): Promise<number> {
  return documented(findProject(process.cwd()), ({ help, errors }) => {
    const found = help.lookUp(name);
    if (found.length > 0) {
      print(1, found.map(documentationText).join('\n'));
      return 0;
    }
    report(errors);
    const near = help.nearest(name);
    return complain(`nothing is known of ${name}${near === null ? '' : `; did you mean ${near}?`}`);
  });
}

// ---- pages

async function writePages(project: Manifest, { open, output, format }: Options): Promise<number> {
  if (format !== undefined && !FORMATS.some((each) => each === format)) fail("--format must be 'html' or 'markdown'");
  if (open && format === 'markdown') fail('--open shows HTML; leave out --format');
  const result = await documented(project, ({ help, modules, errors }) => {
    report(errors);
    return { pages: modules.flatMap((module) => modulePage(help, module) ?? []), isWhole: errors.length === 0 };
  });
  if (!result.isWhole) return FAILURE;
  const pages = result.pages.filter(({ title, module, entries }) => entries.length > 0 || title !== module);
  if (pages.length === 0) fail(`no module under ${sourceFolder(project)} exports anything`);
  const folder = output === undefined ? join(project.root, '.eta', 'target', 'doc') : resolve(output);
  const title = `${project.name} ${project.version}`;
  guarded(`cannot write to ${folder}`, () => {
    // Pages of modules that have gone; what else is in a folder of the user's is not ours to delete.
    if (output === undefined) rmSync(folder, { recursive: true, force: true });
    makeFolder(folder);
    if (format !== 'markdown') writeAll(folder, htmlPages(title, pages));
    if (format !== 'html') writeAll(folder, markdownPages(title, pages));
  });
  say(`documented ${pages.length} module(s) in ${folder}`);
  return open ? openInBrowser(join(folder, 'index.html')) : 0;
}

function markdownPages(title: string, pages: readonly Page[]): ReadonlyMap<string, string> {
  const files = new Map(pages.map((page) => [`${page.name}.md`, markdownPage(page)]));
  return files.set('README.md', `# ${title}\n\n${markdownList(pages).join('\n')}\n`);
}

function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) writeWhole(join(folder, name), text);
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** The program that opens files may go on as long as the browser does: it is not waited for, unless it does not start. */
async function openInBrowser(file: string): Promise<number> {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, file], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
    child.unref();
    return 0;
  } catch (thrown) {
    return complain(`cannot open ${relative('', file)} in the browser: ${(thrown as Error).message}`);
  }
}
