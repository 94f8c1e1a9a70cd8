// Pieces: what a program that nests too deep for the host's stack is cut into.
//
// The passes behind the expander descend into the core forms by recursion, which is plainest and enough for programs
// that people write. Where it is not, the tree is cut every MAX_DEPTH levels: what lies below becomes a piece, a function
// without parameters that is called on the spot and is surveyed, analysed and emitted by itself.
//
//     (f (f (… (f x) …)))     →     (f (f (… (p₁) …)))     p₁ = (lambda () (f (… (p₂) …)))     …
//
// A piece is later in the list than those it was cut out of. Everything in here keeps its own stack.

import { type CoreForm, childrenOf, type LambdaForm, type Variable } from './core-forms.ts';
import { visibleVariables } from './survey.ts';

/** Levels of core forms; the host's stack has room for several times as many. */
const MAX_DEPTH = 400;

export class Piece {
  /** Its variables that are bound outside of it. */
  free: ReadonlySet<Variable> = new Set();
  constructor(readonly lambda: LambdaForm) {}
}

/** Cut what is too deep out of a function, in place. */
export function cutPieces(root: LambdaForm): Piece[] {
  const pieces: Piece[] = [];
  cutBody(root, pieces);
  for (const piece of pieces) cutBody(piece.lambda, pieces);
  for (let i = pieces.length - 1; i >= 0; i--) pieces[i].free = freeVariables(pieces[i].lambda);
  return pieces;
}

function cutBody(root: LambdaForm, pieces: Piece[]): void {
  const stack: { form: CoreForm; depth: number }[] = [{ form: root.body, depth: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { form, depth } = top;
    const children = childrenOf(form);
    if (depth >= MAX_DEPTH && children.length > 0) pieces.push(pieceInPlaceOf(form));
    else for (const child of children) stack.push({ form: child, depth: depth + 1 });
  }
}

/** The form's object becomes that of the piece, so that nobody who refers to it has to be told. */
function pieceInPlaceOf(form: CoreForm): Piece {
  const { span } = form;
  const piece = new Piece({ kind: 'lambda', params: [], rest: null, body: { ...form }, name: null, span });
  Object.assign(form, { kind: 'piece', piece });
  return piece;
}

function freeVariables(lambda: LambdaForm): ReadonlySet<Variable> {
  const used = new Set<Variable>();
  const bound = new Set<Variable>();
  const stack: CoreForm[] = [lambda];
  for (let form = stack.pop(); form !== undefined; form = stack.pop()) {
    for (const variable of usedBy(form)) used.add(variable);
    for (const variable of boundBy(form)) bound.add(variable);
    for (const child of childrenOf(form)) stack.push(child);
  }
  // A variable is one object, whatever its name: what is bound inside cannot be meant outside.
  for (const variable of bound) used.delete(variable);
  return used;
}

function usedBy(form: CoreForm): Iterable<Variable> {
  if (form.kind === 'local' || form.kind === 'set-local') return [form.variable];
  if (form.kind === 'piece') return form.piece.free;
  return form.kind === 'eval' ? visibleVariables(form.scope) : [];
}

function boundBy(form: CoreForm): readonly Variable[] {
  if (form.kind === 'lambda') return form.rest === null ? form.params : [...form.params, form.rest];
  if (form.kind === 'let' || form.kind === 'letrec') return form.bindings.map(({ variable }) => variable);
  return [];
}
