// Documentation as text: what `(help …)` and `(apropos …)` print.
//
//   (clamp x lo hi)                                    procedure of std.math
//     x, or the bound that it lies beyond.
//     Errors: max: argument is not a number
//     (clamp 5 0 3) ; => 3

import { type Documentation, summaryOf } from './documentation.ts';

const WIDTH = 78;
const NAME_COLUMNS = 28;

export function documentationText(documentation: Documentation): string {
  const { usage, kind, module, doc, errors, example, exports, source } = documentation;
  const origin = kind === 'module' || module === null ? kind : `${kind} of ${module}`;
  const lines = [
    usage.padEnd(WIDTH - origin.length - 1) + ` ${origin}`,
    ...(doc === '' ? [] : paragraphs(doc)),
    ...(errors === '' || errors === 'none' ? [] : paragraphs(`Errors: ${errors}`)),
    ...(example === '' ? [] : example.split('\n').map((line) => `  ${line}`)),
    ...(exports === undefined ? [] : wrapped(`Exports: ${exports.join(' ')}`)),
    ...(source === null || module?.startsWith('std.') ? [] : [`  ${source.path}:${source.line}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A line for each: name, first sentence, where it comes from. */
export function listText(found: readonly Documentation[]): string {
  const line = (each: Documentation) => {
    const origin = each.module === null ? each.kind : each.kind === 'module' ? 'module' : each.module;
    const text = summaryOf(each);
    const room = WIDTH - NAME_COLUMNS - origin.length - 3;
    const summary = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    return `${each.name.padEnd(NAME_COLUMNS)} ${summary.padEnd(room)}  ${origin}\n`;
  };
  return found.map(line).join('');
}

/** What `(help)` alone says. */
export function introduction(modules: readonly string[]): string {
  return [
    '(help name)        what is known of a form, builtin, procedure or module',
    '(apropos "text")   names that contain a text, or whose documentation does',
    'Modules:',
    ...wrapped(modules.join(' ')),
    '',
  ].join('\n');
}

/** The text wrapped; lines that are indented in it, tables and the like, stay as they are. */
function paragraphs(text: string): string[] {
  const lines: string[] = [];
  let prose: string[] = [];
  const flush = () => {
    lines.push(...wrapped(prose.join(' ')));
    prose = [];
  };
  for (const line of text.split('\n')) {
    if (line !== '' && !line.startsWith(' ')) {
      prose.push(line);
      continue;
    }
    flush();
    lines.push(line === '' ? '' : `  ${line}`);
  }
  flush();
  return lines;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].filter((each) => each.trim() !== '');
}
