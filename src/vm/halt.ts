// The frame below every program: returning into it ends the run.

import { CodeObject } from '../bytecode/code.ts';
import { Op } from '../bytecode/ops.ts';
import { Closure } from '../bytecode/procedures.ts';
import { NO_SOURCE, NO_SPAN } from '../values/span.ts';

export const halt = new Closure(
  new CodeObject({
    name: 'halt',
    required: 0,
    rest: false,
    localCount: 0,
    maxStack: 1,
    code: Int32Array.of(Op.Halt),
    constants: [],
    captures: new Int32Array(0),
    spans: new Int32Array(0),
    source: NO_SOURCE,
    span: NO_SPAN,
    localNames: [],
    upvalueNames: [],
    isBuiltin: true,
    usesNativeCode: false,
  }),
);
