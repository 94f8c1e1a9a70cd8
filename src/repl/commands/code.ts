// Commands that show what becomes of code: :disasm :expand.

import { disassemble } from '../../bytecode/disassemble.ts';
import { Closure } from '../../bytecode/procedures.ts';
import { Expander } from '../../compiler/expander.ts';
import { diagnosticOf, SyntaxProblem } from '../../compiler/problems.ts';
import { readProgram } from '../../reader/index.ts';
import { syntaxToDatum } from '../../reader/syntax-data.ts';
import { CompileFailure, type Diagnostic } from '../../values/diagnostic.ts';
import { Source } from '../../values/span.ts';
import { NIL } from '../../values/types.ts';
import { lookUp } from '../names.ts';
import { type Repl, SOURCE_NAME } from '../repl.ts';
import { resultText } from '../result-text.ts';

/** The bytecode of what a name stands for, else of the expression itself, which is not run. */
export function disassembleForm(repl: Repl, argument: string): number | null {
  const { session } = repl;
  const value = lookUp(session, argument)?.cell?.value ?? session.builtins.get(argument)?.value;
  if (value instanceof Closure) {
    repl.print(disassemble(value.code));
    return null;
  }
  return repl.show(
    session.perform(() => {
      for (const code of session.submissions.compile(argument, SOURCE_NAME)) repl.print(disassemble(code));
      return NIL;
    }),
  );
}

/** What a form is when no macro is left at its head. */
export function expandForm(repl: Repl, argument: string): number | null {
  const { session } = repl;
  return repl.show(
    session.perform(() => {
      const { forms, diagnostics } = readProgram(new Source(SOURCE_NAME, null, argument));
      if (diagnostics.length > 0) throw new CompileFailure(diagnostics);
      for (const form of forms) {
        const expanded = headExpanded(form);
        const limits = { items: 1000, depth: 100, width: repl.style.width() };
        repl.print(`${resultText(syntaxToDatum(expanded), limits).text}\n`);
      }
      return NIL;
    }),
  );

  function headExpanded(form: Parameters<typeof syntaxToDatum>[0]) {
    const findings: Diagnostic[] = [];
    try {
      return new Expander({ diagnostics: findings }).resolveHead(form, session.submissions.scope()).syntax;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxProblem)) throw thrown;
      throw new CompileFailure([diagnosticOf(thrown)]);
    }
  }
}
