// The verifier takes all code that the compiler makes, and refuses code that would take the machine out of bounds.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CodeInit, CodeObject } from '../../src/bytecode/code.ts';
import { CompiledFile } from '../../src/bytecode/etac.ts';
import { Op } from '../../src/bytecode/ops.ts';
import { Primitive } from '../../src/bytecode/procedures.ts';
import { compiledOutput } from '../../src/session/file-compiler.ts';
import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { NO_SOURCE, NO_SPAN } from '../../src/values/span.ts';
import { Cell, intern, NIL, type Value } from '../../src/values/types.ts';
import { InvalidCode, verifyModule } from '../../src/vm/verifier.ts';
import { evaluate } from '../support/evaluate.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const FOLDERS = ['stdlib/std', 'tests/conformance', 'examples'];

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.eta'))
    .map((file) => join(ROOT, folder, file));

const newSession = (): Session =>
  new Session({ ports: { input: new StringInput(''), output: new StringOutput(), error: new StringOutput() } });

/** Compile, write, read back and verify a file; what the verifier says is wrong, null if nothing is. */
function complaint(session: Session, file: string): string | null {
  const { text } = session.compileFile(file);
  if (text === null) return 'does not compile';
  const { bytes, heldAsText } = compiledOutput(session, text, file.replace(/eta$/, 'etac'), true);
  if (heldAsText !== null) return 'held as text';
  const host = { require: () => {}, cell: (module: string, name: string) => new Cell(module, name) };
  try {
    for (const { name, code } of new CompiledFile(bytes).modules(NO_SOURCE, session.builtins, host))
      verifyModule(code, name);
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

describe('the verifier takes what the compiler makes', () => {
  test.each(FOLDERS)('of the programs in %s', (folder) => {
    const session = newSession();
    const complaints = filesOf(folder).map((file) => `${file}: ${complaint(session, file)}`);
    session.close();
    const [fine, others] = [
      complaints.filter((line) => line.endsWith(': null')),
      complaints.filter((line) => !line.endsWith(': null')),
    ];
    expect(others.filter((line) => !/: (does not compile|held as text)$/.test(line))).toEqual([]);
    // Programs that are to fail, and modules that export macros, are few.
    expect(fine.length).toBeGreaterThan(4 * others.length);
  });
});

const DOC = { doc: '', spec: '' };
const cell = new Cell('m', 'x');
const inner = (init: Partial<CodeInit>): CodeObject => codeOf([Op.LoadInt, 1, Op.Return], init);

function codeOf(words: readonly number[], init: Partial<CodeInit> = {}): CodeObject {
  const localCount = init.localCount ?? 0;
  return new CodeObject({
    name: 'f',
    required: 0,
    rest: false,
    maxStack: 4,
    code: Int32Array.from(words),
    constants: [],
    captures: new Int32Array(0),
    spans: new Int32Array(0),
    source: NO_SOURCE,
    span: NO_SPAN,
    localNames: Array.from({ length: localCount }, () => ''),
    upvalueNames: [],
    isBuiltin: false,
    usesNativeCode: false,
    ...init,
    localCount,
  });
}

const usesUpvalue = (op: Op, constants: readonly Value[] = []): CodeObject =>
  codeOf([op, 0, Op.Return], { upvalueNames: ['u'], captures: Int32Array.of(0), constants });

/** A function that is among its own constants. */
function recursive(words: readonly number[], init: Partial<CodeInit> = {}): CodeObject {
  const constants: Value[] = [];
  const code = codeOf(words, { ...init, constants });
  constants.push(code);
  return code;
}

// [what is wrong, code, what the verifier says]
const INVALID: readonly (readonly [string, CodeObject, RegExp])[] = [
  ['no code', codeOf([]), /no code/],
  ['an opcode beyond the table', codeOf([999]), /no such instruction in f at 0/],
  ['a negative opcode', codeOf([-1]), /no such instruction/],
  ['the instruction that leaves the machine', codeOf([Op.LoadInt, 1, Op.Halt]), /no such instruction in f at 2/],
  ['the instruction that has a body decoded', codeOf([Op.Decode]), /no such instruction in f at 0/],
  ['half an instruction', codeOf([Op.LoadInt]), /half an instruction/],
  ['running off the end', codeOf([Op.LoadInt, 1]), /an end without return/],
  ['popping an empty stack', codeOf([Op.Pop, Op.LoadInt, 1, Op.Return]), /too few values/],
  ['returning nothing', codeOf([Op.Return]), /too few values/],
  ['more arguments than there are', codeOf([Op.LoadInt, 1, Op.TailCall, 1]), /too few values/],
  ['a negative count of arguments', codeOf([Op.LoadInt, 1, Op.TailCall, -1]), /too few values/],
  ['a deeper stack than it says', codeOf([Op.LoadInt, 1, Op.Return], { maxStack: 0 }), /too deep/],
  ['a constant out of range', codeOf([Op.LoadConst, 0, Op.Return]), /constant out of range/],
  ['a negative constant', codeOf([Op.LoadConst, -1, Op.Return]), /constant out of range/],
  ['code as a value', codeOf([Op.LoadConst, 0, Op.Return], { constants: [inner({})] }), /code used as a value/],
  ['a cell as a value', codeOf([Op.LoadConst, 0, Op.Return], { constants: [cell] }), /code used as a value/],
  ['a variable that is none', codeOf([Op.LoadGlobal, 0, Op.Return], { constants: [NIL] }), /no variable/],
  [
    "another module's variable defined",
    codeOf([Op.LoadInt, 1, Op.DefineGlobal, 0, Op.LoadInt, 1, Op.Return], { constants: [new Cell('other', 'x')] }),
    /another module's variable/,
  ],
  ['a closure of data', codeOf([Op.MakeClosure, 0, Op.Return], { constants: [1] }), /something else than code/],
  ['a procedure of data', codeOf([Op.LoadProcedure, 0, Op.Return], { constants: [1] }), /something else than code/],
  [
    'a procedure that captures something',
    codeOf([Op.LoadProcedure, 0, Op.Return], { constants: [usesUpvalue(Op.LoadUpval)] }),
    /something else than code that captures nothing/,
  ],
  [
    'a procedure, called in circles, that is wrong',
    codeOf([Op.LoadProcedure, 0, Op.Return], { constants: [recursive([Op.LoadProcedure, 0, Op.Pop, Op.Return])] }),
    /too few values on the stack in f at 3/,
  ],
  [
    'a closure that makes itself',
    codeOf([Op.LoadInt, 1, Op.StoreLocal, 0, Op.MakeClosure, 0, Op.Return], {
      localCount: 1,
      constants: [recursive([Op.MakeClosure, 0, Op.Return], { upvalueNames: ['u'], captures: Int32Array.of(0) })],
    }),
    /a function inside itself/,
  ],
  ['a primitive that is none', codeOf([Op.CallPrimitive, 0, 0, Op.Return], { constants: [NIL] }), /a primitive called/],
  ['a local out of range', codeOf([Op.LoadLocal, 0, Op.Return]), /a local out of range/],
  ['a local read before it is written', codeOf([Op.LoadLocal, 0, Op.Return], { localCount: 1 }), /holds no value/],
  [
    'a local written on one of two ways',
    codeOf([Op.LoadInt, 1, Op.JumpIfFalse, 4, Op.LoadInt, 1, Op.StoreLocal, 0, Op.LoadLocal, 0, Op.Return], {
      localCount: 1,
    }),
    /holds no value in f at 8/,
  ],
  ['a value used as a box', codeOf([Op.LoadBox, 0, Op.Return], { localCount: 1, rest: true }), /a module's code takes/],
  [
    'a box used as a value',
    codeOf([Op.LoadInt, 1, Op.StoreLocal, 0, Op.MakeBox, 0, Op.LoadLocal, 0, Op.Return], { localCount: 1 }),
    /holds no value in f at 6/,
  ],
  [
    'locals that have no names',
    codeOf([Op.LoadInt, 1, Op.Return], { localCount: 3, localNames: [] }),
    /count of locals/,
  ],
  ['a jump out of the code', codeOf([Op.Jump, 7, Op.LoadInt, 1, Op.Return]), /jump to no instruction/],
  ['a jump into an instruction', codeOf([Op.Jump, 1, Op.LoadInt, Op.LoadInt, 1, Op.Return]), /jump to no instruction/],
  ['a jump backwards', codeOf([Op.LoadInt, 1, Op.Pop, Op.Jump, -5]), /wrong direction/],
  ['a loop forwards', codeOf([Op.Loop, 0, Op.LoadInt, 1, Op.Return]), /wrong direction/],
  ['a loop that grows the stack', codeOf([Op.LoadInt, 1, Op.Loop, -4]), /a loop that changes the stack/],
  [
    'a jump into a loop',
    codeOf([Op.LoadInt, 1, Op.JumpIfFalse, 3, Op.LoadInt, 1, Op.Pop, Op.LoadInt, 1, Op.Pop, Op.Loop, -8]),
    /a jump into a loop/,
  ],
  [
    'ways that meet with different stacks',
    codeOf([Op.LoadInt, 1, Op.JumpIfFalse, 2, Op.LoadInt, 1, Op.LoadInt, 1, Op.Return]),
    /ways that meet/,
  ],
  [
    'a return out of a catch',
    codeOf([Op.PushCatch, 0, 3, Op.LoadInt, 1, Op.Return, Op.Return], { constants: [false] }),
    /return out of a catch/,
  ],
  [
    'a tag that is data',
    codeOf([Op.PushCatch, 0, 3, Op.LoadInt, 1, Op.PopCatch, Op.Return], { constants: [1] }),
    /tag that is no symbol/,
  ],
  ['a catch that is not open', codeOf([Op.PopCatch, Op.LoadInt, 1, Op.Return]), /ends elsewhere/],
  ['an upvalue out of range', codeOf([Op.LoadUpval, 0, Op.Return]), /upvalue out of range/],
  [
    'an upvalue that is no box',
    codeOf([Op.LoadInt, 1, Op.StoreLocal, 0, Op.MakeClosure, 0, Op.Return], {
      localCount: 1,
      constants: [usesUpvalue(Op.LoadUpvalBox)],
    }),
    /closure that is not complete/,
  ],
  [
    'a capture of nothing',
    codeOf([Op.MakeClosure, 0, Op.Return], { localCount: 1, constants: [usesUpvalue(Op.LoadUpval)] }),
    /closure that is not complete/,
  ],
  [
    'a capture out of range',
    codeOf([Op.MakeClosure, 0, Op.Return], { constants: [usesUpvalue(Op.LoadUpval)] }),
    /captured local out of range/,
  ],
  [
    'a patch of what is no new closure',
    codeOf([Op.LoadInt, 1, Op.StoreLocal, 0, Op.PatchUpval, 0, 0, 0, Op.LoadInt, 1, Op.Return], { localCount: 1 }),
    /a patch of something else/,
  ],
  [
    'a line table out of order',
    codeOf([Op.LoadInt, 1, Op.Return], { spans: Int32Array.of(3, 1, 1, 1, 2, 2, 1, 1, 1, 2) }),
    /out of order/,
  ],
  [
    'a builtin of the kernel',
    codeOf([Op.LoadConst, 0, Op.Return], {
      constants: [new Primitive('%pop-handler!', '(%pop-handler!)', 0, false, () => NIL, DOC)],
    }),
    /a builtin of the kernel, %pop-handler!/,
  ],
  [
    'an inner function that is wrong',
    codeOf([Op.LoadInt, 1, Op.Return], { constants: [codeOf([Op.Return])] }),
    /too few values/,
  ],
];

describe('the verifier refuses', () => {
  test.each(INVALID)('%s', (_, code, message) => {
    expect(() => verifyModule(code, 'm')).toThrow(InvalidCode);
    expect(() => verifyModule(code, 'm')).toThrow(message);
  });

  test('nothing that is like it and right', () => {
    const right = [
      codeOf([Op.LoadInt, 1, Op.DefineGlobal, 0, Op.LoadGlobal, 0, Op.Return], { constants: [cell] }),
      codeOf([Op.PushCatch, 0, 3, Op.LoadInt, 1, Op.PopCatch, Op.Return], { constants: [intern('tag')] }),
      codeOf([Op.LoadInt, 1, Op.StoreLocal, 0, Op.MakeClosure, 0, Op.Return], {
        localCount: 1,
        constants: [usesUpvalue(Op.LoadUpval)],
      }),
      codeOf([Op.MakeClosure, 0, Op.StoreLocal, 0, Op.PatchUpval, 0, 0, 0, Op.LoadLocal, 0, Op.Return], {
        localCount: 1,
        constants: [usesUpvalue(Op.LoadUpval)],
      }),
      codeOf([Op.LoadProcedure, 0, Op.Return], { constants: [recursive([Op.LoadProcedure, 0, Op.Return])] }),
    ];
    for (const code of right) expect(() => verifyModule(code, 'm')).not.toThrow();
  });
});

describe('programs do not see what is the kernel’s', () => {
  test.each(['%jump', '%pop-handler!', '%set-handlers!', '%rewind', '%cars'])('%s', (name) => {
    expect(evaluate(`(${name} 1 2)`)).toMatchObject({ error: { message: `Undefined symbol: ${name}` } });
    expect(evaluate(`(catch (eval '(${name} 1 2)))`).printed).toContain(`Undefined symbol: ${name}`);
  });

  test.each([
    ["(%make-record-type 1 '())", '%make-record-type: not a symbol'],
    ["(%record-constructor 5 '())", '%record-constructor: not a record type'],
    ["(%record-constructor (%make-record-type 'p '(x)) '(1))", '%record-constructor: not the index of a field'],
    ["(%record-accessor (%make-record-type 'p '(x)) 7 'p-x)", '%record-accessor: not the index of a field'],
    ['((%case-lambda 5) 1)', 'case-lambda: a clause is not a procedure'],
  ])('%s is an error of the program', (program, message) => {
    expect(evaluate(program)).toMatchObject({ error: { message } });
  });
});
