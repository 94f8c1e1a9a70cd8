// The builtins that stdlib/kernel.eta defines: their rows in the builtin table.

import type { BuiltinDoc } from '../bytecode/procedures.ts';

const CALLBACK = 'f is not a procedure, or takes another number of arguments';

const FILE_PROCEDURES: readonly (readonly [usage: string, doc: BuiltinDoc])[] = [
  ['(call-with-input-file path proc)', 'Call proc with a port that reads the file, and close it.'],
  ['(call-with-output-file path proc)', 'Call proc with a port that writes the file, and close it.'],
  ['(with-input-from-file path thunk)', 'Call thunk while the file is the current input.'],
  ['(with-output-to-file path thunk)', 'Call thunk while the file is the current output.'],
].map(([usage, doc]) => [usage, { doc, errors: 'the file cannot be opened', spec: 'R7RS 6.13' }]);

/** In the order of the kernel's exports. */
export const KERNEL_BUILTINS: readonly (readonly [usage: string, doc: BuiltinDoc])[] = [
  [
    '(map f list …)',
    {
      doc: 'The list of the results of f on the elements of the lists, in order; it stops with the shortest list.',
      errors: `${CALLBACK}; a list is improper`,
      spec: 'builtins §6',
    },
  ],
  [
    '(for-each f list …)',
    {
      doc: 'Call f on the elements of the lists, in order; it stops with the shortest list.',
      errors: `${CALLBACK}; a list is improper`,
      spec: 'builtins §6',
    },
  ],
  [
    '(hash-map-fold f init m)',
    {
      doc: 'Call (f acc key value) for each binding of m in insertion order, acc being init at first and the last result after; give the last.',
      errors: `m is not a hash map; ${CALLBACK}`,
      spec: 'builtins §9',
    },
  ],
  [
    '(%atom-swap! a f arg …)',
    {
      doc: 'Install (f value arg …) in an atom, again if it changed meanwhile; give what was installed.',
      errors: `a is not an atom; ${CALLBACK}`,
      spec: 'builtins §10',
    },
  ],
  [
    '(%regex-replace-fn regex text f)',
    {
      doc: 'text with each match of regex replaced by the string that f returns for it.',
      errors: `regex is not a regex object; text is not a string; ${CALLBACK}, or returns no string`,
      spec: 'builtins §15.2',
    },
  ],
  [
    '(string-map f s …)',
    { doc: 'The string of the results of f on the characters.', errors: CALLBACK, spec: 'R7RS 6.10' },
  ],
  ['(string-for-each f s …)', { doc: 'Call f on the characters, in order.', errors: CALLBACK, spec: 'R7RS 6.10' }],
  [
    '(vector-map f v …)',
    { doc: 'The vector of the results of f on the elements.', errors: CALLBACK, spec: 'R7RS 6.10' },
  ],
  ['(vector-for-each f v …)', { doc: 'Call f on the elements, in order.', errors: CALLBACK, spec: 'R7RS 6.10' }],
  [
    '(dynamic-wind before thunk after)',
    {
      doc: 'Call the three in order and give the value of thunk; before and after also run whenever control enters or leaves thunk otherwise. After follows a before that raises, too.',
      errors: 'one of them cannot be called without arguments',
      spec: 'language §11.2',
    },
  ],
  [
    '(%r7rs-dynamic-wind before thunk after)',
    {
      doc: '`dynamic-wind` that has not entered anything until before has returned.',
      errors: 'one of them cannot be called without arguments',
      spec: 'R7RS 6.10',
    },
  ],
  [
    '(call-with-values producer consumer)',
    {
      doc: 'Call consumer with the values of (producer).',
      errors: 'consumer takes another number',
      spec: 'language §11.3',
    },
  ],
  [
    '(with-exception-handler handler thunk)',
    {
      doc: 'Call thunk; what is raised meanwhile is given to handler, where it was raised.',
      errors: 'handler is not a procedure; handler returns from a raise that is not continuable',
      spec: 'R7RS 6.11',
    },
  ],
  [
    '(%rewind target value)',
    { doc: 'Run the thunks on the way to a continuation or handler, and go.', spec: 'language §11.2' },
  ],
  [
    '(%unwind handler value)',
    { doc: 'Run the after-thunks of what was entered inside a handler, and go to it.', spec: 'language §11.2' },
  ],
  [
    '(%leave-winders winder)',
    { doc: 'Run the after-thunks of what was entered inside this winder, innermost first.', spec: 'language §11.2' },
  ],
  [
    '(%call-handler handler value continuable? outer)',
    { doc: 'Run a handler procedure; the handlers around it are in force.', spec: 'R7RS 6.11' },
  ],
  ['(%guard handler thunk)', { doc: 'What `guard` expands to.', spec: 'R7RS 4.2.7' }],
  [
    '(make-parameter value [convert])',
    { doc: 'A procedure that gives value, passed through convert, until `parameterize` binds it.', spec: 'R7RS 4.2.6' },
  ],
  ['(%with-parameters bindings thunk)', { doc: 'What `parameterize` expands to.', spec: 'R7RS 4.2.6' }],
  ['(make-promise obj)', { doc: 'A promise of obj; obj itself if it is one.', spec: 'R7RS 4.2.5' }],
  ['(%make-promise done? value)', { doc: 'What `delay` and `delay-force` expand to.', spec: 'R7RS 4.2.5' }],
  [
    '(force promise)',
    { doc: 'The value of a promise, computed at most once; anything else is itself.', spec: 'R7RS 4.2.5' },
  ],
  ['(%case-lambda clause …)', { doc: 'What `case-lambda` expands to.', spec: 'R7RS 4.2.9' }],
  ['(%r7rs-member obj list [same?])', { doc: '`member` with a comparison.', errors: CALLBACK, spec: 'R7RS 6.4' }],
  ['(%r7rs-assoc obj alist [same?])', { doc: '`assoc` with a comparison.', errors: CALLBACK, spec: 'R7RS 6.4' }],
  ['(call-with-port port proc)', { doc: 'Call proc with the port, close it, give the value.', spec: 'R7RS 6.13' }],
  [
    '(%r7rs-string-map f s …)',
    {
      doc: 'A string that can be changed, of the results of f on the characters.',
      errors: CALLBACK,
      spec: 'R7RS 6.10',
    },
  ],
  [
    '(%finalize-then-call f args)',
    { doc: 'Call the finalizers of dead objects, then f with the arguments in a list.', spec: 'builtins §11' },
  ],
  [
    '(%unify a b)',
    {
      doc: 'Make two terms equal by binding logic variables; whether that was possible. If not, nothing stays bound.',
      errors: 'a hook raises; the occurs check is violated, in the mode error',
      spec: 'symbolic §3',
    },
  ],
  ...FILE_PROCEDURES,
  [
    '(with-output-to-string thunk)',
    {
      doc: 'The text that thunk writes to the current output port.',
      errors: 'thunk is not a procedure, or takes arguments',
      spec: 'README V12',
    },
  ],
  [
    '(load path [environment])',
    {
      doc: 'Evaluate the forms of a file, one after the other, in an environment, by default the interaction environment.',
      errors: 'the file cannot be read; a form does not compile, or raises',
      spec: 'R7RS 6.14',
    },
  ],
];
