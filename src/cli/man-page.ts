// The manual page etai(1), made of the table of commands and of their parsers. `npm run docs` writes man/etai.1.

import type { Command } from 'commander';
import { version } from '../../package.json';
import type { CommandDescription } from './command-modules.ts';

/** Variables that a user may want to set: name and meaning. */
const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['ETA_MODULE_PATH', 'directories to search for modules, separated as in PATH'],
  ['ETA_NNG_LIB', 'the file of libnng, in place of the one that is found'],
  ['ETA_CACHE', '0: compile programs each time, and keep no code for the next run'],
  [
    'ETA_CACHE_DIR',
    'where compiled code is kept and an executable unpacks itself, in place of the cache folder of the user',
  ],
  ['ETA_HEAP_SOFT_LIMIT', 'how large the heap of a program may become, for example 512M'],
  ['ETA_JIT', '0: interpret all code; force: translate all code to JavaScript'],
  ['ETA_HISTORY', 'the file that keeps what is typed at the prompt; empty: none does'],
  ['VISUAL, EDITOR', 'what :edit starts at the prompt'],
  ['NO_COLOR, FORCE_COLOR', 'no colours; colours also where output is no terminal'],
];

/** Files that a user may look for, change or delete. */
const FILES: readonly (readonly [string, string])[] = [
  ['eta.toml, eta.lock', 'a project, and what its dependencies came to'],
  ['.eta/', 'what is built and installed in a project'],
  ['~/.eta/history', 'what was typed at the prompt'],
  ['~/.eta/cache/', 'dependencies that were fetched'],
  ['~/.cache/eta/', 'compiled code, and what executables unpack; may be deleted at any time'],
];

const EXIT_STATUS: readonly (readonly [string, string])[] = [
  ['0', 'the program ended'],
  ['1', 'an error, which has been told on standard error'],
  ['130', 'the program was interrupted by Ctrl-C'],
  ['N', 'the program called (exit N)'],
];

export function manPage(program: Command, commands: readonly CommandDescription[]): string {
  const sections = [
    `.\\" Made by \`npm run docs\` from the options of etai and its commands.`,
    `.TH ETAI 1 "" "etai ${roff(version)}" "User Commands"`,
    section('NAME', 'etai \\- run programs in Eta, a Lisp whose programs are actors'),
    section('SYNOPSIS', `.B etai\n${roff(program.usage())}\n.br\n.B etai\n.I command\n[options]`),
    section(
      'DESCRIPTION',
      roff('Runs an Eta program and everything that it imports. On a terminal, without a file, it is a prompt.'),
    ),
    section('OPTIONS', optionList(program)),
    section('COMMANDS', commands.map(commandText).join('\n')),
    section('ENVIRONMENT', pairList(ENVIRONMENT)),
    section('FILES', pairList(FILES)),
    section('EXIT STATUS', pairList(EXIT_STATUS)),
  ];
  return `${sections.join('\n')}\n`;
}

const section = (title: string, text: string): string => `.SH ${title}\n${text}`;

function commandText({ parser, summary }: CommandDescription): string {
  const help = parser.createHelp();
  const entries = help.visibleArguments(parser).map((each): [string, string] => [each.name(), each.description]);
  const text = [`.SS ${roff(help.commandUsage(parser))}`, roff(parser.description() || summary)];
  return [...text, ...(entries.length > 0 ? [pairList(entries)] : []), optionList(parser)].join('\n');
}

function optionList(parser: Command): string {
  const help = parser.createHelp();
  return pairList(
    help.visibleOptions(parser).map((option) => [help.optionTerm(option), help.optionDescription(option)]),
  );
}

const pairList = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([term, text]) => `.TP\n.B ${roff(term)}\n${roff(text)}`).join('\n');

/** Text as the formatter takes it: no line begins with a control character, and - is that of command lines. */
const roff = (text: string): string =>
  text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/…/g, '...')
    .replace(/^([.'])/gm, '\\&$1');
