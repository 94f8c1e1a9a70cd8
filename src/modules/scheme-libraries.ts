// The libraries of R7RS-small, as lists of names.
//
// Each name is a builtin or a special form of the same name. Where R7RS gives a name another meaning than Eta does, the
// builtin `%r7rs-NAME` has it, and that is what the library exports. So importing a `(scheme …)` library changes what
// those names mean, in the importing module and nowhere else. Source: R7RS appendix A; README, Beyond.

import type { Binding, Scope } from '../compiler/scope.ts';
import { NO_SPAN } from '../values/span.ts';
import { intern } from '../values/types.ts';
import { isSchemeLibrary, type Module, SCHEME } from './module.ts';

const LIBRARIES: Readonly<Record<string, string>> = {
  base: `* + - / < <= = > >= abs and append apply assoc assq assv begin binary-port? boolean=? boolean? bytevector
    bytevector-append bytevector-copy bytevector-copy! bytevector-length bytevector-u8-ref bytevector-u8-set! bytevector?
    caar cadr call-with-current-continuation call-with-port call-with-values call/cc car case cdar cddr cdr ceiling
    char->integer char-ready? char<=? char<? char=? char>=? char>? char? close-input-port close-output-port close-port
    complex? cond cond-expand cons current-error-port current-input-port current-output-port define define-record-type
    define-syntax define-values denominator do dynamic-wind eof-object eof-object? eq? equal? eqv? error
    error-object-irritants error-object-message error-object? even? exact exact-integer-sqrt exact-integer? exact?
    expt features file-error? floor floor-quotient floor-remainder floor/ flush-output-port for-each gcd
    get-output-bytevector get-output-string guard if include include-ci inexact inexact? input-port-open? input-port?
    integer->char integer? lambda lcm length let let* let*-values let-syntax let-values letrec letrec* letrec-syntax
    list list->string list->vector list-copy list-ref list-set! list-tail list? make-bytevector make-list make-parameter
    make-string make-vector map max member memq memv min modulo negative? newline not null? number->string number?
    numerator odd? open-input-bytevector open-input-string open-output-bytevector open-output-string or
    output-port-open? output-port? pair? parameterize peek-char peek-u8 positive? procedure? quasiquote quote quotient
    raise raise-continuable rational? rationalize read-bytevector read-bytevector! read-char read-error? read-line
    read-string read-u8 real? remainder reverse round set! set-car! set-cdr! square string string->list string->number
    string->symbol string->utf8 string->vector string-append string-copy string-copy! string-fill! string-for-each
    string-length string-map string-ref string-set! string<=? string<? string=? string>=? string>? string? substring
    symbol->string symbol=? symbol? syntax-error syntax-rules textual-port? truncate truncate-quotient
    truncate-remainder truncate/ u8-ready? unless unquote unquote-splicing utf8->string values vector vector->list
    vector->string vector-append vector-copy vector-copy! vector-fill! vector-for-each vector-length vector-map
    vector-ref vector-set! vector? when with-exception-handler write-bytevector write-char write-string write-u8 zero?`,
  'case-lambda': 'case-lambda',
  char: `char-alphabetic? char-ci<=? char-ci<? char-ci=? char-ci>=? char-ci>? char-downcase char-foldcase char-lower-case?
    char-numeric? char-upcase char-upper-case? char-whitespace? digit-value string-ci<=? string-ci<? string-ci=?
    string-ci>=? string-ci>? string-downcase string-foldcase string-upcase`,
  complex: 'angle imag-part magnitude make-polar make-rectangular real-part',
  cxr: `caaar caadr cadar caddr cdaar cdadr cddar cdddr caaaar caaadr caadar caaddr cadaar cadadr caddar cadddr cdaaar
    cdaadr cdadar cdaddr cddaar cddadr cdddar cddddr`,
  eval: 'environment eval',
  file: `call-with-input-file call-with-output-file delete-file file-exists? open-binary-input-file
    open-binary-output-file open-input-file open-output-file with-input-from-file with-output-to-file`,
  inexact: 'acos asin atan cos exp finite? infinite? log nan? sin sqrt tan',
  lazy: 'delay delay-force force make-promise promise?',
  load: 'load',
  'process-context': 'command-line emergency-exit exit get-environment-variable get-environment-variables',
  read: 'read',
  repl: 'interaction-environment',
  time: 'current-jiffy current-second jiffies-per-second',
  write: 'display write write-shared write-simple',
  // R5RS, all in one library, with the two names that it alone has.
  r5rs: `exact->inexact inexact->exact interaction-environment load null-environment scheme-report-environment`,
};

/** Words that are bound to nothing, because forms recognise them by that; importing them does nothing. */
const AUXILIARY: ReadonlySet<string> = new Set([
  'else',
  '=>',
  '...',
  '_',
  'syntax-rules',
  'unquote',
  'unquote-splicing',
]);

const R5RS_PARTS = ['base', 'char', 'complex', 'cxr', 'eval', 'file', 'inexact', 'lazy', 'read', 'write'] as const;

/** R7RS-small's own libraries (`scheme.base`), with what each exports. */
export const SCHEME_LIBRARIES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(LIBRARIES)
    .filter(([name]) => name !== 'r5rs')
    .map(([name, names]) => [`scheme.${name}`, names.split(/\s+/)]),
);

/** The library of this name (`scheme.base`), exporting what the scope of the builtins has of it; null if R7RS has none. */
export function schemeLibrary(name: string, builtinScope: Scope): Module | null {
  const library = name.slice(SCHEME.length);
  if (!isSchemeLibrary(name) || !Object.hasOwn(LIBRARIES, library)) return null;
  const exports = new Map<string, Binding>();
  const parts = library === 'r5rs' ? [library, ...R5RS_PARTS] : [library];
  for (const name of parts.flatMap((part) => LIBRARIES[part].split(/\s+/))) {
    const binding = builtinScope.own(intern(`%r7rs-${name}`)) ?? builtinScope.own(intern(name));
    if (binding !== undefined) exports.set(name, binding);
  }
  return { name, span: NO_SPAN, scope: null, exports, auxiliary: AUXILIARY };
}
