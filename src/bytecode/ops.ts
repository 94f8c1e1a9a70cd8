// The instruction set.
//
// A code object's code is an Int32Array: an opcode, then its operands, a word each. A frame's locals (parameters
// first) stand at base … base+localCount-1 of the value stack, its temporaries above them. Operand letters:
//
//   k constant · s local slot · u upvalue · n count or integer · d distance in words, from the next instruction
//
// Pictures show the temporaries before -> after, top on the right. `…` marks an instruction that may leave the
// frame (a call), so that what follows it runs with the result on top.
//
// Compiler, disassembler, verifier and every tier read the table below; nothing else says how long an instruction is.

export const enum Op {
  LoadConst,
  LoadInt,
  LoadLocal,
  StoreLocal,
  LoadBox,
  StoreBox,
  MakeBox,
  ClearLocal,
  LoadUpval,
  LoadUpvalBox,
  StoreUpvalBox,
  LoadSelf,
  CheckSet,
  LoadGlobal,
  StoreGlobal,
  DefineGlobal,
  Pop,
  Jump,
  JumpIfFalse,
  JumpIfTrue,
  Loop,
  MakeClosure,
  PatchUpval,
  LoadProcedure,
  Call,
  TailCall,
  CallPrimitive,
  Return,
  Halt,
  Decode,
  PushCatch,
  PopCatch,
  Add,
  AddInt,
  Subtract,
  Multiply,
  NumberEqual,
  Less,
  Greater,
  LessEqual,
  GreaterEqual,
  IsEq,
  Not,
  IsNull,
  IsPair,
  Cons,
  Car,
  Cdr,
  VectorRef,
  VectorSet,
}

export type OperandKind = 'k' | 's' | 'u' | 'n' | 'd';

export interface OpInfo {
  readonly op: Op;
  readonly name: string;
  readonly operands: readonly OperandKind[];
  /** Change of the stack's height; calls pop their `n` arguments besides. */
  readonly effect: number;
  /** How many values it takes off the stack, or looks at, those arguments left aside. */
  readonly pops: number;
  readonly picture: string;
  readonly doc: string;
}

/** Count of the things that a side of a picture names. */
const height = (side: string): number => side.split(' ').filter((w) => w !== '' && w !== 'a1..an' && w !== '…').length;

function op(code: Op, operands: string, picture: string, doc: string): Omit<OpInfo, 'name'> {
  const [before, after] = picture.split('->');
  const pops = height(before);
  return { op: code, operands: [...operands] as OperandKind[], effect: height(after) - pops, pops, picture, doc };
}

const TABLE: Readonly<Record<keyof typeof Op, Omit<OpInfo, 'name'>>> = {
  LoadConst: op(Op.LoadConst, 'k', '-> v', 'push constant k'),
  LoadInt: op(Op.LoadInt, 'n', '-> v', 'push the integer n'),
  LoadLocal: op(Op.LoadLocal, 's', '-> v', 'push local s'),
  StoreLocal: op(Op.StoreLocal, 's', 'v ->', 'pop into local s'),
  LoadBox: op(Op.LoadBox, 's', '-> v', 'push the value of the box in local s'),
  StoreBox: op(Op.StoreBox, 's', 'v ->', 'pop into the box in local s'),
  MakeBox: op(Op.MakeBox, 's', '->', 'put local s into a new box'),
  ClearLocal: op(Op.ClearLocal, 's', '->', 'make local s unset'),
  LoadUpval: op(Op.LoadUpval, 'u', '-> v', 'push upvalue u'),
  LoadUpvalBox: op(Op.LoadUpvalBox, 'u', '-> v', 'push the value of the box in upvalue u'),
  StoreUpvalBox: op(Op.StoreUpvalBox, 'u', 'v ->', 'pop into the box in upvalue u'),
  LoadSelf: op(Op.LoadSelf, '', '-> v', 'push the running closure'),
  CheckSet: op(Op.CheckSet, 'k', 'v -> v', 'fail if the top is unset; constant k names the variable'),
  LoadGlobal: op(Op.LoadGlobal, 'k', '-> v', 'push the value of cell k; fail if it is unset'),
  StoreGlobal: op(Op.StoreGlobal, 'k', 'v ->', 'pop into cell k; fail if it is unset'),
  DefineGlobal: op(Op.DefineGlobal, 'k', 'v ->', 'pop into cell k'),
  Pop: op(Op.Pop, '', 'v ->', 'drop the top'),
  Jump: op(Op.Jump, 'd', '->', 'go on d words further'),
  JumpIfFalse: op(Op.JumpIfFalse, 'd', 'v ->', 'pop; go on d words further if it is #f'),
  JumpIfTrue: op(Op.JumpIfTrue, 'd', 'v ->', 'pop; go on d words further unless it is #f'),
  Loop: op(Op.Loop, 'd', '->', 'the back edge of a loop: a jump that can be interrupted'),
  MakeClosure: op(Op.MakeClosure, 'k', '-> v', 'push a closure of code object k over its captures'),
  PatchUpval: op(Op.PatchUpval, 'sus', '->', 'upvalue u of the closure in the first local becomes the second local'),
  LoadProcedure: op(Op.LoadProcedure, 'k', '-> v', 'push the procedure of code object k, which captures nothing'),
  Call: op(Op.Call, 'n', 'a1..an f -> … v', 'call f with n arguments in a new frame'),
  TailCall: op(Op.TailCall, 'n', 'a1..an f -> …', 'the same, replacing this frame'),
  CallPrimitive: op(Op.CallPrimitive, 'kn', 'a1..an -> v', 'call the primitive k, whose arity is known to fit'),
  Return: op(Op.Return, '', 'v ->', 'leave the frame with this value'),
  Halt: op(Op.Halt, '', 'v ->', 'leave the machine with this value; only in the frame below a program'),
  Decode: op(Op.Decode, '', '->', 'have the body decoded and begin; only where there is none yet'),
  PushCatch: op(
    Op.PushCatch,
    'kd',
    '->',
    'install a handler for tag k (#f: any); it runs d words further, value pushed',
  ),
  PopCatch: op(Op.PopCatch, '', '->', 'remove the innermost handler'),
  Add: op(Op.Add, '', 'x y -> v', '(+ x y)'),
  AddInt: op(Op.AddInt, 'n', 'x -> v', '(+ x n), or (- x m) where n is -m'),
  Subtract: op(Op.Subtract, '', 'x y -> v', '(- x y)'),
  Multiply: op(Op.Multiply, '', 'x y -> v', '(* x y)'),
  NumberEqual: op(Op.NumberEqual, '', 'x y -> v', '(= x y)'),
  Less: op(Op.Less, '', 'x y -> v', '(< x y)'),
  Greater: op(Op.Greater, '', 'x y -> v', '(> x y)'),
  LessEqual: op(Op.LessEqual, '', 'x y -> v', '(<= x y)'),
  GreaterEqual: op(Op.GreaterEqual, '', 'x y -> v', '(>= x y)'),
  IsEq: op(Op.IsEq, '', 'x y -> v', '(eq? x y)'),
  Not: op(Op.Not, '', 'x -> v', '(not x)'),
  IsNull: op(Op.IsNull, '', 'x -> v', '(null? x)'),
  IsPair: op(Op.IsPair, '', 'x -> v', '(pair? x)'),
  Cons: op(Op.Cons, '', 'x y -> v', '(cons x y)'),
  Car: op(Op.Car, '', 'p -> v', '(car p)'),
  Cdr: op(Op.Cdr, '', 'p -> v', '(cdr p)'),
  VectorRef: op(Op.VectorRef, '', 'vec i -> v', '(vector-ref vec i)'),
  VectorSet: op(Op.VectorSet, '', 'vec i x -> v', '(vector-set! vec i x)'),
};

/** By opcode. */
export const OPS: readonly OpInfo[] = Object.entries(TABLE)
  .map(([name, info]) => ({ name, ...info }))
  .sort((a, b) => a.op - b.op);
