// Compiling a file ahead: what `etac` does between reading a source and writing a `.etac` (tools §6.1).

import { CodeObject } from '../bytecode/code.ts';
import { type CompiledText, encodeFile, NotSerializable } from '../bytecode/etac.ts';
import { functionsIn } from '../bytecode/functions.ts';
import { compiledOfModule } from '../modules/compiled-files.ts';
import { filesOf, originOf } from '../modules/freshness.ts';
import type { PreparedText } from '../modules/loader.ts';
import { NO_SPAN } from '../values/span.ts';
import type { Value } from '../values/types.ts';
import type { Session } from './session.ts';

export interface CompiledOutput {
  readonly bytes: Buffer;
  /** Why the file holds the source text instead of code, null if it holds code. */
  readonly heldAsText: string | null;
}

/**
 * The compiled file of a text that the session has prepared.
 *
 * @param out  where the file will lie: it remembers where its source is from there
 * @param isDebug  whether it keeps the places in the source, for errors
 */
export function compiledOutput(session: Session, text: PreparedText, out: string, isDebug: boolean): CompiledOutput {
  const { source } = text;
  const find = (name: string) => session.loader.get(name);
  const modules = text.modules.map(({ module }) => module);
  const origin = originOf(out, filesOf(text.source), modules, find);
  const encode = (content: CompiledText['content']) => encodeFile({ source, origin, content }, session.builtins);
  try {
    const compiled = text.modules.map(({ module, code }) =>
      compiledOfModule(module, isDebug ? code : withoutSpans(code)),
    );
    return { bytes: encode(compiled), heldAsText: null };
  } catch (thrown) {
    const isTooDeep = thrown instanceof RangeError;
    if (!isTooDeep && !(thrown instanceof NotSerializable)) throw thrown;
    return { bytes: encode(source.text!), heldAsText: isTooDeep ? 'its functions nest too deeply' : thrown.message };
  }
}

/** How many functions a text has been compiled to. */
export const functionCount = (text: PreparedText): number =>
  text.modules.reduce((sum, { code }) => sum + functionsIn(code).length, 0);

function withoutSpans(root: CodeObject): CodeObject {
  const copies = new Map<Value, CodeObject>();
  const filled = functionsIn(root).map((code) => {
    const constants: Value[] = [];
    copies.set(code, new CodeObject({ ...code, ...code.body, constants, spans: new Int32Array(0), span: NO_SPAN }));
    return { code, constants };
  });
  for (const { code, constants } of filled) constants.push(...code.constants.map((each) => copies.get(each) ?? each));
  return copies.get(root)!;
}
