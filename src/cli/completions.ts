// Completion scripts for shells, made of the table of commands and of their parsers: the first word is a command, an
// option or a file; behind a command come its options, the choices of its arguments and values, and files.

import type { Command, Option } from 'commander';
import type { CommandDescription } from './command-modules.ts';
import { COMMANDS } from './commands.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** What the shell runs, with the line that installs it. */
export function completionScript(shell: Shell, program: Command, commands: readonly CommandDescription[]): string {
  return { bash, zsh, fish }[shell](program, commands);
}

const optionsOf = (parser: Command): readonly Option[] => parser.createHelp().visibleOptions(parser);

const flagsOf = ({ short, long }: Option): string[] => [short, long].flatMap((flag) => flag ?? []);

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Words that can stand for an argument; none where it is a file or anything. */
function argumentChoices({ name, parser }: CommandDescription): readonly string[] {
  if (name === 'help') return Object.keys(COMMANDS);
  return parser.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

// ---- bash

function bash(program: Command, commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map((command) => {
    const words = [...flagWords(command.parser), ...argumentChoices(command)].join(' ');
    return `    ${command.name}) words='${words}' ;;\n`;
  });
  const values = [program, ...commands.map(({ parser }) => parser)].flatMap((parser) => optionsOf(parser));
  const choices = values.filter(({ argChoices }) => argChoices).map(bashChoices);
  return `# Completion of etai for bash. In ~/.bashrc: eval "$(etai completions bash)"
_etai() {
  local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=''
  case \${COMP_WORDS[1]} in
${cases.join('')}  esac
  if ((COMP_CWORD == 1)); then words='${names} ${flagWords(program).join(' ')}'; fi
  case $prev in
${[...new Set(choices)].join('')}  esac
  local files
  files=$(compgen -f -- "$cur")
  words=$(compgen -W "$words" -- "$cur")
  IFS=$'\\n'
  if [[ $cur == -* ]]; then files=''; fi
  COMPREPLY=($words $files)
}
complete -o filenames -F _etai etai
`;
}

const flagWords = (parser: Command): string[] => optionsOf(parser).flatMap((option) => flagsOf(option));

const bashChoices = (option: Option): string =>
  `    ${flagsOf(option).join('|')}) words='${option.argChoices!.join(' ')}' ;;\n`;

// ---- zsh

function zsh(program: Command, commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}\n`);
  const cases = commands.map((command) => {
    const choices = argumentChoices(command);
    const rest = choices.length > 0 ? `*: :(${choices.join(' ')})` : '*: :_files';
    const specs = [...optionsOf(command.parser).flatMap(zshOption), quote(rest)];
    return `    ${command.name}) _arguments ${specs.join(' ')} ;;\n`;
  });
  return `#compdef etai
# Completion of etai for zsh. In ~/.zshrc, behind compinit: source <(etai completions zsh)
_etai() {
  local -a commands=(
${names.join('')}  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    _arguments ${optionsOf(program).flatMap(zshOption).join(' ')} '*: :_files'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('')}    *) _files ;;
  esac
}
compdef _etai etai
`;
}

function zshOption(option: Option): string[] {
  const action = option.argChoices ? `(${option.argChoices.join(' ')})` : '_files';
  const value = takesValue(option) ? `:value:${action}` : '';
  const description = option.description.replace(/[[\]:\\]/g, '\\$&');
  return flagsOf(option).map((flag) => quote(`${flag}[${description}]${value}`));
}

// ---- fish

function fish(program: Command, commands: readonly CommandDescription[]): string {
  const isFirst = "-n '__fish_use_subcommand'";
  const lines = [
    ...commands.map(({ name, summary }) => `complete -c etai ${isFirst} -a ${name} -d ${quote(summary)}`),
    ...optionsOf(program).map((option) => fishOption(option, isFirst)),
  ];
  for (const command of commands) {
    const isChosen = `-n '__fish_seen_subcommand_from ${command.name}'`;
    for (const option of optionsOf(command.parser)) lines.push(fishOption(option, isChosen));
    const choices = argumentChoices(command);
    if (choices.length > 0) lines.push(`complete -c etai ${isChosen} -f -a ${quote(choices.join(' '))}`);
  }
  return `# Completion of etai for fish. Write it to ~/.config/fish/completions/etai.fish
${lines.join('\n')}
`;
}

function fishOption(option: Option, condition: string): string {
  const flags = flagsOf(option).map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = option.argChoices ? ` -x -a ${quote(option.argChoices.join(' '))}` : takesValue(option) ? ' -r' : '';
  return `complete -c etai ${condition} ${flags.join(' ')}${value} -d ${quote(option.description)}`;
}

/** As one word, in all three shells. */
const quote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;
