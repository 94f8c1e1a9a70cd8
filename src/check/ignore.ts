// Silencing: `;; eta-ignore: CODE …` on a line of its own silences these lints in the datum that begins next; at the end
// of a line of code, on that line.

import { readProgram, type Syntax } from '../reader/index.ts';
import type { Diagnostic } from '../values/diagnostic.ts';
import type { Source } from '../values/span.ts';

interface Silence {
  readonly codes: ReadonlySet<string>;
  readonly firstLine: number;
  readonly lastLine: number;
}

const COMMENT = /^(.*?);+\s*eta-ignore:\s*([\w, -]+)$/;

/** The findings without those that the text silences. */
export function withoutSilenced(diagnostics: readonly Diagnostic[], source: Source): Diagnostic[] {
  const lines = (source.text ?? '').split('\n');
  const silences = lines.flatMap((line, index) => {
    const match = COMMENT.exec(line.trimEnd());
    return match === null ? [] : [silenceOf(match[1], match[2], index + 1, source)];
  });
  return diagnostics.filter(
    ({ code, span }) =>
      span.source !== source ||
      !silences.some(
        ({ codes, firstLine, lastLine }) =>
          codes.has(code) && firstLine <= span.startLine && span.startLine <= lastLine,
      ),
  );
}

function silenceOf(before: string, words: string, line: number, source: Source): Silence {
  const codes = new Set(words.split(/[\s,]+/));
  if (before.trim() !== '') return { codes, firstLine: line, lastLine: line };
  const next = firstBehind(readProgram(source).forms, line);
  return { codes, firstLine: line + 1, lastLine: next?.span.endLine ?? line };
}

/** The first datum that begins behind a line, the outermost of several. */
function firstBehind(forms: readonly Syntax[], line: number): Syntax | undefined {
  for (let level = forms; ; ) {
    const behind = level.find(({ span }) => span.startLine > line);
    const around = level.find(({ span }) => span.startLine <= line && span.endLine > line);
    if (around === undefined || (around.kind !== 'list' && around.kind !== 'vector')) return behind;
    const inner = around.items.some(({ span }) => span.endLine > line);
    if (!inner) return behind;
    level = around.items;
  }
}
