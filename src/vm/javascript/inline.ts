// Primitives that are translated to an expression instead of a call: integer division, `/`, `min`, `max`, `abs`, `list`,
// `char->integer`, tests of one value, comparisons of characters and strings.

/**
 * It is right for small integers (32 bits) or flonums by itself and leaves all else, errors among it, to the primitive.
 * Operands may be repeated; `n` is a variable to use; `slow` calls the primitive.
 */
type Inline = (x: string, y: string, n: string, slow: string) => string;

/** The text of an integer that the code has in it. */
export const isLiteral = (text: string): boolean => text.startsWith('(');

const isSmallLiteral = (text: string): boolean => {
  const value = Number(text.slice(1, -1));
  return (value | 0) === value;
};

/** A test for numbers that are no boxes; literals are known to be. */
export const numbers = (...operands: readonly string[]): string =>
  operands
    .filter((x) => !isLiteral(x))
    .map((x) => `typeof ${x} === 'number'`)
    .join(' && ') || 'true';

/** A test for small integers; of literals it is known. */
export function smallIntegers(...operands: readonly string[]): string {
  if (operands.some((x) => isLiteral(x) && !isSmallLiteral(x))) return 'false';
  const tests = operands.filter((x) => !isLiteral(x)).map((x) => `typeof ${x} === 'number' && (${x} | 0) === ${x}`);
  return tests.join(' && ') || 'true';
}

const BINARY: ReadonlyMap<string, Inline> = new Map<string, Inline>([
  // `| 0` takes the sign from a zero.
  ['remainder', (x, y, _, slow) => `${smallIntegers(x, y)} && ${y} !== 0 ? (${x} % ${y}) | 0 : ${slow}`],
  [
    'modulo',
    (x, y, n, slow) =>
      `${smallIntegers(x, y)} && ${y} > 0 ? (${n} = (${x} % ${y}) | 0) < 0 ? ${n} + ${y} : ${n} : ${slow}`,
  ],
  ['quotient', (x, y, _, slow) => `${smallIntegers(x, y)} && ${y} > 0 ? (${x} / ${y}) | 0 : ${slow}`],
  // A ratio with a fraction is a flonum; a small one without is an integer if the operands are. Division by zero gives neither.
  [
    '/',
    (x, y, n, slow) =>
      `typeof ${x} === 'number' && typeof ${y} === 'number' ? (${n} = ${x} / ${y}) > Math.floor(${n}) ? ${n} : ` +
      `(${n} | 0) === ${n} && (${x} | 0) === ${x} && (${y} | 0) === ${y} ? ${n} + 0 : ${slow} : ${slow}`,
  ],
  ['min', (x, y, _, slow) => `${smallIntegers(x, y)} ? (${y} < ${x} ? ${y} : ${x}) : ${slow}`],
  ['max', (x, y, _, slow) => `${smallIntegers(x, y)} ? (${y} > ${x} ? ${y} : ${x}) : ${slow}`],
]);

const isNumber = (x: string): string => `typeof ${x} === 'number'`;

/** Tests of one value, as JavaScript of a boolean; `slow` calls the primitive, which alone fails. */
const TESTS: ReadonlyMap<string, (x: string, slow: string) => string> = new Map([
  ['number?', (x) => `${isNumber(x)} || ${x} instanceof Flonum || typeof ${x} === 'bigint'`],
  ['string?', (x) => `typeof ${x} === 'string' || ${x} instanceof MutableString`],
  ['symbol?', (x) => `${x} instanceof Sym`],
  ['char?', (x) => `${x} instanceof Char`],
  ['vector?', (x) => `${x} instanceof Vector`],
  ['boolean?', (x) => `typeof ${x} === 'boolean'`],
  ['zero?', (x, slow) => `(${isNumber(x)} ? ${x} === 0 : ${slow})`],
  ['positive?', (x, slow) => `(${isNumber(x)} ? ${x} > 0 : ${slow})`],
  ['negative?', (x, slow) => `(${isNumber(x)} ? ${x} < 0 : ${slow})`],
  ['even?', (x, slow) => `(${smallIntegers(x)} ? (${x} & 1) === 0 : ${slow})`],
  ['odd?', (x, slow) => `(${smallIntegers(x)} ? (${x} & 1) === 1 : ${slow})`],
]);
/** The same for comparisons of two values. */
const characters = (x: string, y: string): string => `${x} instanceof Char && ${y} instanceof Char`;
const COMPARISONS: ReadonlyMap<string, (x: string, y: string, slow: string) => string> = new Map([
  ['char=?', (x, y, slow) => `(${characters(x, y)} ? ${x} === ${y} : ${slow})`],
  ['char<?', (x, y, slow) => `(${characters(x, y)} ? ${x}.code < ${y}.code : ${slow})`],
  ['char>?', (x, y, slow) => `(${characters(x, y)} ? ${x}.code > ${y}.code : ${slow})`],
  ['char<=?', (x, y, slow) => `(${characters(x, y)} ? ${x}.code <= ${y}.code : ${slow})`],
  ['char>=?', (x, y, slow) => `(${characters(x, y)} ? ${x}.code >= ${y}.code : ${slow})`],
  ['string=?', (x, y, slow) => `(typeof ${x} === 'string' && typeof ${y} === 'string' ? ${x} === ${y} : ${slow})`],
]);
/** Those that are left to the primitive, which gives the host's booleans. */
const TYPE_TESTS = new Set(['procedure?']);

/** What a call of a primitive that gives a boolean is translated to; null for one that does not, or not for certain. */
export function primitiveTest(name: string, args: readonly string[], call: string): string | null {
  if (args.length === 2) return COMPARISONS.get(name)?.(args[0], args[1], call) ?? null;
  if (args.length !== 1) return null;
  if (TYPE_TESTS.has(name)) return call;
  return TESTS.get(name)?.(args[0], call) ?? null;
}

/** A longer list is left to the primitive: expressions must not nest deeply. */
const MAX_PAIRS = 10;

/** What a call of a primitive is translated to, which as a plain call would be `call`; `temporary` names a variable to use. */
export function primitiveCall(name: string, args: readonly string[], call: string, temporary: () => string): string {
  if (name === 'list' && args.length <= MAX_PAIRS)
    return args.reduceRight((tail, item) => `new Pair(${item}, ${tail})`, 'NIL');
  if (name === 'char->integer') return `${args[0]} instanceof Char ? ${args[0]}.code : ${call}`;
  if (name === 'abs') return `${smallIntegers(args[0])} && ${args[0]} >= 0 ? ${args[0]} : ${call}`;
  const operation = args.length === 2 ? BINARY.get(name) : undefined;
  return operation === undefined ? call : operation(args[0], args[1], temporary(), call);
}
