// Completion scripts for shells, made of the table of commands and of their parsers: the first word is a command, an
// option or a file; behind a command come its options, the choices of its arguments and values, and files. `etac` is
// the command `compile`.

import type { Command, Option } from 'commander';
import type { CommandDescription } from './command-modules.ts';
import { COMMAND_OPTIONS, COMMANDS } from './commands.ts';

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

/** Of a `case` of bash and zsh: the command that an option stands for. */
const optionCases = (): string =>
  [...COMMAND_OPTIONS].map(([option, name]) => `${option}) command=${name} ;;`).join(' ');

// ---- bash

function bash(program: Command, commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map((command) => {
    const words = [...flagWords(command.parser), ...argumentChoices(command)].join(' ');
    return `    ${command.name}) words='${words}' ;;\n`;
  });
  const values = [{ name: '-*', parser: program }, ...commands].flatMap(bashValues);
  return `# Completion of etai and etac for bash. In ~/.bashrc: eval "$(etai completions bash)"
_etai() {
  local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} first=1 behind=' ' words='' only=''
  if [[ \${COMP_WORDS[0]##*/} == etac ]]; then command=compile first=0; fi
  case $command in ${optionCases()} esac
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then cur='' behind='='
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]} behind='='; fi
  case $command in
${cases.join('')}  esac
  if ((COMP_CWORD == first)); then words='${names} ${flagWords(program).join(' ')}'; fi
  case $command:$prev$behind in
${values.join('')}  esac
  local files=''
  if [[ -z $only && $cur != -* ]]; then files=$(compgen -f -- "$cur"); fi
  words=$(compgen -W "$words" -- "$cur")
  IFS=$'\\n'
  COMPREPLY=($words $files)
}
complete -o filenames -F _etai etai etac
`;
}

const flagWords = (parser: Command): string[] => optionsOf(parser).flatMap((option) => flagsOf(option));

/** Of the options with a value: a value that can be left out stands behind `=`, everything else is a word or a file. */
function bashValues({ name, parser }: { readonly name: string; readonly parser: Command }): string[] {
  return optionsOf(parser)
    .filter(takesValue)
    .map((option) => {
      const places = flagsOf(option).flatMap((flag) =>
        [...(option.required ? [' '] : []), '='].map((end) => flag + end),
      );
      const patterns = places.map((place) => `${name}:'${place}'`).join('|');
      const { argChoices } = option;
      return `    ${patterns}) ${argChoices ? `words='${argChoices.join(' ')}' only=1` : "words=''"} ;;\n`;
    });
}

// ---- zsh

function zsh(program: Command, commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}\n`);
  const cases = commands.map((command) => {
    const choices = argumentChoices(command);
    const rest = choices.length > 0 ? `*: :(${choices.join(' ')})` : '*: :_files';
    const specs = [...optionsOf(command.parser).flatMap(zshOption), quote(rest)];
    return `    ${command.name}) _arguments ${specs.join(' ')} ;;\n`;
  });
  return `#compdef etai etac
# Completion of etai and etac for zsh. In ~/.zshrc, behind compinit: source <(etai completions zsh)
_etai() {
  local -a commands=(
${names.join('')}  )
  local command=compile
  if [[ $service == etac ]]; then :
  elif ((CURRENT == 2)); then
    _describe -t commands command commands
    _arguments ${optionsOf(program).flatMap(zshOption).join(' ')} '*: :_files'
    return
  else
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in ${optionCases()} esac
  case $command in
${cases.join('')}    *) _files ;;
  esac
}
compdef _etai etai etac
`;
}

function zshOption(option: Option): string[] {
  const action = option.argChoices ? `(${option.argChoices.join(' ')})` : '_files';
  const value = takesValue(option) ? `:value:${action}` : '';
  const description = option.description.replace(/[[\]:\\]/g, '\\$&');
  // A value that can be left out stands behind `=` alone, and is no word of its own.
  const [mark, colon] = option.optional ? ['=-', ':'] : ['', ''];
  return flagsOf(option).map((flag) => quote(`${flag}${mark}[${description}]${colon}${value}`));
}

// ---- fish

function fish(program: Command, commands: readonly CommandDescription[]): string {
  const first = "etai -n '__fish_use_subcommand'";
  const lines = [
    ...commands.map(({ name, summary }) => `complete -c ${first} -a ${name} -d ${quote(summary)}`),
    ...optionsOf(program).map((option) => fishOption(option, first)),
  ];
  for (const command of commands) {
    const words = [
      command.name,
      ...[...COMMAND_OPTIONS].flatMap(([option, name]) => (name === command.name ? option! : [])),
    ];
    const places = [`etai -n '__fish_seen_subcommand_from ${words.join(' ')}'`];
    if (command.name === 'compile') places.push('etac');
    for (const place of places) for (const option of optionsOf(command.parser)) lines.push(fishOption(option, place));
    const choices = argumentChoices(command);
    if (choices.length > 0) lines.push(`complete -c ${places[0]} -f -a ${quote(choices.join(' '))}`);
  }
  return `# Completion of etai and etac for fish. In ~/.config/fish/config.fish: etai completions fish | source
${lines.join('\n')}
`;
}

/** @param place  the program, and when */
function fishOption(option: Option, place: string): string {
  const flags = flagsOf(option).map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  // Without -r the value can be left out, and stands behind `=`.
  const demand = option.required ? ' -r' : '';
  const choices = option.argChoices ? ` -f -a ${quote(option.argChoices.join(' '))}` : '';
  return `complete -c ${place} ${flags.join(' ')}${demand}${choices} -d ${quote(option.description)}`;
}

/** As one word, in all three shells. */
const quote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;
