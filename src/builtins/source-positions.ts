// Where a procedure was written: what std.test reports for a failing test whose own frame is gone (a failed assertion
// is mostly in tail position, so the trace of its error no longer shows the test).

import type { Define } from '../bytecode/builtin-table.ts';
import { Closure } from '../bytecode/procedures.ts';
import { listFrom, type Value } from '../values/types.ts';

export function defineSourcePositions(define: Define): void {
  define(
    '(%procedure-position f)',
    {
      doc: 'Where the lambda of f stands: the list (FILE FILE-ID LINE COLUMN), the id as in the spans of error payloads. #f if f was not written in Eta.',
      spec: 'README B9',
    },
    (f: Value) => {
      if (!(f instanceof Closure) || f.code.isBuiltin) return false;
      const { source, startLine, startColumn } = f.code.span;
      return listFrom([source.name, source.fileId, startLine, startColumn]);
    },
  );
}
