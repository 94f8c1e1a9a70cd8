// Faults: everything that can be wrong with a text, one row each.
//
// A fault has two faces. In a program it becomes a Diagnostic (`code`, `phase`, `message`, perhaps a `hint`). In data
// that is read at run time it becomes a DatumReadError, whose text names the reference's own error kind and, after
// two spaces, a hyphen and two spaces, its `detail`. Some details of the reference are empty; our messages never are.
//
// Sources: language §1, §2; tools §1.3; networking §9.5.

import type { Phase } from '../values/diagnostic.ts';

export interface Fault {
  readonly phase: Phase;
  /** The diagnostic's code, tools §1.3. */
  readonly code: string;
  /** `LexErrorKind::InvalidChar`, `ParseErrorKind::UnclosedList` … */
  readonly kind: string;
  /** What the wire decoder prints after the kind; empty for most. */
  readonly detail: string;
  readonly message: string;
  readonly hint?: string;
  /** True if the text merely stops too early: more input could mend it. */
  readonly atEnd: boolean;
}

type LexKind =
  | 'UnexpectedEOF'
  | 'UnterminatedString'
  | 'UnterminatedComment'
  | 'InvalidChar'
  | 'InvalidToken'
  | 'InvalidNumeric'
  | 'InvalidUtf8'
  | 'MissingDelimiter'
  | 'InvalidCodePoint'
  | 'InvalidDatum';

interface Extra {
  /** Our text where the reference's `detail` is empty. */
  readonly message?: string;
  readonly hint?: string;
  readonly atEnd?: boolean;
}

export function lexFault(kind: LexKind, detail: string, extra: Extra = {}): Fault {
  return {
    phase: 'lexer',
    code: kind === 'InvalidUtf8' ? 'InvalidToken' : kind,
    kind: `LexErrorKind::${kind}`,
    detail,
    message: extra.message ?? detail,
    hint: extra.hint,
    atEnd: extra.atEnd ?? false,
  };
}

function parseFault(kind: string, code: string, message: string, extra: Extra = {}): Fault {
  return {
    phase: 'parser',
    code,
    kind: `ParseErrorKind::${kind}`,
    detail: '',
    message,
    hint: extra.hint,
    atEnd: extra.atEnd ?? false,
  };
}

const END: Extra = { atEnd: true };

/** Lexical faults with a fixed text. Those that quote the text are made where they are found. */
export const LEX = {
  unterminatedString: lexFault('UnterminatedString', '', { message: 'unterminated string', atEnd: true }),
  unterminatedBlockComment: lexFault('UnterminatedComment', '', { message: 'unterminated block comment', atEnd: true }),
  unterminatedDatumComment: lexFault('UnterminatedComment', 'unterminated datum comment', END),
  emptyDatumComment: lexFault('InvalidDatum', 'expected a datum after #; but found a delimiter'),
  unterminatedBar: lexFault('UnexpectedEOF', 'unterminated bar identifier', END),

  badEscape: lexFault('InvalidToken', 'Invalid escape sequence', {
    hint: 'the escapes of a string are \\a \\b \\t \\n \\r \\0 \\" \\\\ \\xHEX; and \\uXXXX',
  }),
  emptyHex: lexFault('InvalidToken', 'empty hex escape'),
  badHexDigit: lexFault('InvalidToken', 'invalid hex digit'),
  hexTooLarge: lexFault('InvalidCodePoint', 'Unicode escape exceeds maximum code point'),
  hexSurrogate: lexFault('InvalidCodePoint', 'surrogate not allowed'),
  invalidUtf8: lexFault('InvalidUtf8', 'invalid UTF-8 sequence'),
  truncatedUtf8: lexFault('InvalidUtf8', 'truncated UTF-8 sequence'),
  notScalar: lexFault('InvalidCodePoint', 'Unicode scalar value out of range'),

  charAtEnd: lexFault('UnexpectedEOF', 'unexpected EOF after #\\', END),
  charEmpty: lexFault('InvalidChar', 'empty character name', { hint: 'a blank is written #\\space' }),
  charBadHex: lexFault('InvalidChar', 'invalid hex digit'),

  identifierDelimiter: lexFault('MissingDelimiter', 'identifier must be followed by a delimiter'),
  numberDelimiter: lexFault('MissingDelimiter', 'number must be followed by a delimiter', {
    hint: 'no name begins like a number',
  }),
  booleanDelimiter: lexFault('MissingDelimiter', 'boolean must be followed by a delimiter'),
  charDelimiter: lexFault('MissingDelimiter', 'character must be followed by a delimiter'),

  missingDigits: lexFault('InvalidNumeric', 'missing digits'),
  badDigit: lexFault('InvalidNumeric', 'invalid digit for radix'),
  badPrefix: lexFault('InvalidNumeric', 'invalid number prefix'),
  hashAtEnd: lexFault('InvalidNumeric', 'unexpected EOF after #'),
  noDigits: lexFault('InvalidNumeric', 'no digits found'),
  noExponent: lexFault('InvalidNumeric', 'exponent requires digits'),

  noLabels: lexFault('InvalidToken', '', { message: 'datum labels are not read here' }),
  bytevectorOpen: lexFault('InvalidToken', 'expected #u8( for bytevector'),
} as const;

export const PARSE = {
  unexpectedEnd: parseFault('UnexpectedEOF', 'UnexpectedToken', 'unexpected end of input', END),
  unexpectedCloser: parseFault('UnexpectedClosingDelimiter', 'UnmatchedParen', 'unexpected closing delimiter'),
  unclosedList: parseFault('UnclosedList', 'InvalidList', 'unclosed list', END),
  wrongCloser: parseFault('UnclosedList', 'InvalidList', 'unclosed list'),
  misplacedDot: parseFault('MisplacedDot', 'InvalidDottedList', 'misplaced dot in list'),
  multipleDots: parseFault('MultipleDotsInDottedList', 'InvalidDottedList', 'multiple dots in dotted list'),
  dotAtStart: parseFault('DotAtListStart', 'InvalidDottedList', 'dot at start of list'),
  unclosedVector: parseFault('UnclosedVector', 'InvalidVector', 'unclosed vector', END),
  dotInVector: parseFault('DotInVector', 'InvalidVector', 'dot in vector literal'),
  notAByteNumber: parseFault('ByteVectorNonInteger', 'InvalidVector', 'non-integer in byte vector'),
  badByte: parseFault('InvalidByteLiteral', 'InvalidVector', 'invalid byte literal', {
    hint: 'a byte is an integer from 0 to 255',
  }),
  badNumber: parseFault('InvalidNumericLiteral', 'UnexpectedToken', 'parse error', {
    hint: 'this number is too large: an integer with #x #o #b must fit in 64 bits, a decimal number in a double',
  }),
  tooDeep: parseFault('NestingTooDeep', 'UnexpectedToken', 'nesting too deep'),
  unknownLabel: parseFault('UnknownLabel', 'UnexpectedToken', 'reference to a datum label that is not defined'),
  duplicateLabel: parseFault('DuplicateLabel', 'UnexpectedToken', 'datum label defined twice'),
  emptyLabel: parseFault('EmptyLabel', 'UnexpectedToken', 'datum label without a datum'),
} as const;

/** A fault at a place in the text. Offsets count UTF-16 units; the end is exclusive. */
export interface Finding {
  readonly fault: Fault;
  readonly start: number;
  readonly end: number;
  readonly related?: readonly { readonly start: number; readonly end: number; readonly label: string }[];
}

/** The text of a datum that was read at run time is wrong. `message` is what the wire decoder prints. */
export class DatumReadError extends Error {
  override readonly name = 'DatumReadError';
  readonly kind: string;
  readonly detail: string;
  /** In words, as a diagnostic says it: never empty. */
  readonly explanation: string;
  /** True if more input could mend the text. */
  readonly atEnd: boolean;
  /** Where the faulty text stands; a port goes on at `end`. */
  readonly start: number;
  readonly end: number;

  constructor({ fault, start, end }: Finding) {
    super(`datum_reader: parse error: ${fault.kind}${fault.detail === '' ? '' : `  -  ${fault.detail}`}`);
    this.kind = fault.kind;
    this.detail = fault.detail;
    this.explanation = fault.message;
    this.atEnd = fault.atEnd;
    this.start = start;
    this.end = end;
  }
}
