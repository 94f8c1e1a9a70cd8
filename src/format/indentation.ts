// Indentation: which forms have a body, and what their operands are.
//
//   (let loop ((i 0))        a form with a body: behind its distinguished operands, here two, everything stands two
//     (display i))           columns in; a distinguished operand on a line of its own four
//   (list (car x)            a call: operands stand under the first one; where that is on a line of its own, two in
//         (cdr x))
//   (with-socket 'req        a function at the end of a call is like a body
//     (lambda (socket) …))
//   (cond ((null? x)         its clauses are lists of their own kind: what follows stands one column in, under the test
//          '()))
//   '(a b                    data: elements stand under the first one
//     c)

/** How the elements of a list are indented. */
export type Shape = 'call' | 'clause' | 'data' | 'quoted' | 'bindings' | BodyShape;

export interface BodyShape {
  /** How many operands come before the body. */
  readonly distinguished: number;
  /** The shape of list operands, by index; the last is that of all further ones. Absent or undefined: by their heads. */
  readonly operands?: readonly (Shape | undefined)[];
}

export const body = (distinguished: number, ...operands: (Shape | undefined)[]): BodyShape => ({
  distinguished,
  operands,
});

/** No body, but clauses: of `cond`, and what stands behind `guard`. */
export const COND: BodyShape = body(Number.POSITIVE_INFINITY, 'clause');
const NAMED_LET = body(2, undefined, 'bindings', undefined);
const DEFINITION = body(1);

const BODIES: Readonly<Record<string, BodyShape>> = {
  begin: body(0),
  case: body(1, undefined, 'clause'),
  'case-lambda': body(0, 'clause'),
  catch: body(1),
  'cond-expand': body(0, 'clause'),
  'define-library': body(1),
  'define-record-type': body(1),
  delay: body(0),
  'delay-force': body(0),
  do: body(2, 'bindings', 'clause', undefined),
  'dynamic-wind': body(0),
  guard: body(1, COND, undefined),
  lambda: body(1, 'data', undefined),
  let: body(1, 'bindings', undefined),
  'let*': body(1, 'bindings', undefined),
  'let*-values': body(1, 'bindings', undefined),
  'let-syntax': body(1, 'bindings', undefined),
  'let-values': body(1, 'bindings', undefined),
  letrec: body(1, 'bindings', undefined),
  'letrec*': body(1, 'bindings', undefined),
  'letrec-syntax': body(1, 'bindings', undefined),
  module: body(1),
  parameterize: body(1, 'bindings', undefined),
  progn: body(0),
  receive: body(2, 'data', undefined),
  'syntax-rules': body(1, 'data', 'clause'),
  unless: body(1),
  when: body(1),
};

/**
 * The shape of a list in code.
 *
 * @param head     the text of its first element; null if that is a list
 * @param hasName  whether the second element is an atom: a `let` with a name
 */
export function shapeOf(head: string | null, hasName: boolean): Shape {
  if (head === null) return 'data';
  if (head === 'let' && hasName) return NAMED_LET;
  if (head === 'cond') return COND;
  if (Object.hasOwn(BODIES, head)) return BODIES[head];
  return head.startsWith('def') ? DEFINITION : 'call';
}

/** Whether operands stand under the first one, as in a call. */
export const isCallLike = (shape: Shape): boolean => shape === 'call' || shape === 'clause' || shape === COND;

/** The shape of a list that is element `index` (0 is the head) of a list of this shape; undefined: by its own head. */
export function childShape(shape: Shape, index: number): Shape | undefined {
  if (shape === 'quoted') return 'quoted';
  if (shape === 'bindings') return 'clause';
  if (typeof shape === 'string' || shape.operands === undefined || index === 0) return undefined;
  return shape.operands[Math.min(index, shape.operands.length) - 1];
}

/** A list whose end has not been reached. */
export interface OpenList {
  readonly shape: Shape;
  /** The columns of its bracket and of what is behind that. */
  readonly column: number;
  readonly inner: number;
  /** Elements so far. */
  count: number;
  /** The column of the first operand if it stands behind the head, else -1. */
  operandColumn: number;
}

/** Where the next element of a list stands on a line of its own. */
export function nextColumn({ shape, column, inner, count, operandColumn }: OpenList): number {
  if (shape === 'data' || shape === 'quoted' || shape === 'bindings' || count === 0) return inner;
  if (isCallLike(shape)) {
    if (count > 1 && operandColumn >= 0) return operandColumn;
    return shape === 'clause' ? inner : column + 2;
  }
  return column + (count <= (shape as BodyShape).distinguished ? 4 : 2);
}
