// Labels: how a profiler knows the Eta function of generated code. A label is the code's URL, `eta:` and the function's
// name and place.

import type { CodeObject } from '../../bytecode/code.ts';

const PREFIX = 'eta:';

export interface LabelledFunction {
  readonly name: string;
  /** `file.eta:LINE`, or `builtin`. */
  readonly place: string;
}

/** What the last line of the generated code of a function says. */
export function labelOf({ name, source, span, isBuiltin }: CodeObject): string {
  const place = isBuiltin ? 'builtin' : `${source.name}:${span.startLine}`;
  return `${PREFIX}${encodeURIComponent(JSON.stringify([name, place]))}`;
}

/** The function of a label, null for any other URL. */
export function functionOfLabel(url: string): LabelledFunction | null {
  if (!url.startsWith(PREFIX)) return null;
  const [name, place] = JSON.parse(decodeURIComponent(url.slice(PREFIX.length))) as [string, string];
  return { name, place };
}
