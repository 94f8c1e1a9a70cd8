// The machine's own builtins: what stdlib/kernel.eta builds `dynamic-wind`, `call-with-values`, handlers … on.
//
// A ControlPrimitive sees its caller suspended and can capture or replace the stack; the others only read and write
// the machine's registers for winders and handlers.

import { type BuiltinTable, parseUsage } from '../bytecode/builtin-table.ts';
import { Closure, Primitive } from '../bytecode/procedures.ts';
import { arityError, EtaError, typeError, userError } from '../values/errors.ts';
import { intern, listToArray, MultipleValues, NIL, Sym, type Value } from '../values/types.ts';
import { badLastArgument } from './call-errors.ts';
import { Continuation, ControlPrimitive, type ControlResult } from './continuation.ts';
import type { Machine } from './machine.ts';
import { type CatchHandler, type Handler, ProcedureHandler, Winder } from './stacks.ts';
import { ErrorObject, Raise } from './throw.ts';

/** Whether the value can be called at all. */
export const isProcedure = (value: Value): boolean =>
  value instanceof Closure ||
  value instanceof Primitive ||
  value instanceof Continuation ||
  value instanceof ControlPrimitive;

function spreadLast(args: readonly Value[]): Value[] {
  const last = args[args.length - 1];
  const items = listToArray(last);
  if (items === null) throw badLastArgument(last);
  return args.length === 1 ? items : args.slice(0, -1).concat(items);
}

const spread = (result: Value): readonly Value[] => (result instanceof MultipleValues ? result.values : [result]);

export function defineControl(table: BuiltinTable, machine: () => Machine): void {
  const { define } = table;

  function control(usage: string, doc: string, run: (machine: Machine, args: readonly Value[]) => ControlResult): void {
    const { name, required, rest } = parseUsage(usage);
    const info = { doc, spec: 'language §11' };
    table.add({ name, usage, doc: info, value: new ControlPrimitive(name, usage, required, rest, run, info) });
  }

  function redirecting(
    usage: string,
    doc: string,
    redirect: (args: readonly Value[]) => [Value, readonly Value[]],
  ): void {
    const { name, required, rest } = parseUsage(usage);
    const info = { doc, spec: 'language §10' };
    const run = (vm: Machine, args: readonly Value[]) => vm.tail(...redirect(args));
    table.add({
      name,
      usage,
      doc: info,
      value: new ControlPrimitive(name, usage, required, rest, run, info, redirect),
    });
  }

  control('(call/cc procedure)', 'Call the procedure with the current continuation.', (vm, [procedure]) => {
    if (!isProcedure(procedure)) throw typeError('Callee is not a function', procedure);
    return vm.tail(procedure, [vm.captureContinuation()]);
  });
  table.alias('call-with-current-continuation', 'call/cc');

  redirecting(
    '(apply procedure arg list …)',
    'Call the procedure with the arguments; the last one is a list whose elements are arguments.',
    ([procedure, ...args]) => [procedure, spreadLast(args)],
  );
  redirecting(
    '(%apply arg list procedure …)',
    'What `(apply …)` expands to: the operator is evaluated last.',
    (args) => [args[args.length - 1], spreadLast(args.slice(0, -1))],
  );
  redirecting(
    '(%apply-values procedure result)',
    'Call the procedure with the values that result stands for.',
    ([procedure, result]) => [procedure, spread(result)],
  );

  control('(%jump target value)', 'Continue at a continuation or handler; winders have been seen to.', (vm, [to, v]) =>
    vm.jump(to as Continuation | CatchHandler, v),
  );

  control('(%raise-again tag obj)', 'Raise on what a handler was given; tag is from %raised-tag.', (vm, [tag, obj]) =>
    vm.raiseContinuable(obj, tag instanceof Sym ? tag.name : null),
  );

  control('(raise-continuable obj)', 'Call the current handler with obj; its value is that of the call.', (vm, [obj]) =>
    vm.raiseContinuable(obj),
  );

  control('(%eval datum scope box …)', 'Compile the datum in the scope of an eval call and run it.', (vm, args) => {
    const [datum, scope, ...boxes] = args;
    if (vm.compileEval === null) throw userError('eval: no compiler in this machine');
    return vm.tail(vm.compileEval(datum, scope, boxes), []);
  });

  const evalDoc =
    'Evaluate a datum as code, in the scope of the call: local variables, names of the module, macros. Where eval is not ' +
    'called by this name, the builtins are all that is in scope.';
  control('(eval expr)', evalDoc, (vm, [datum]) => {
    if (vm.compileEval === null) throw userError('eval: no compiler in this machine');
    return vm.tail(vm.compileEval(datum, NIL, []), []);
  });

  define('(values v …)', { doc: 'Deliver several values to call-with-values.', spec: 'language §11.3' }, (...items) =>
    items.length === 1 ? items[0] : new MultipleValues(items),
  );

  defineRaising(table);
  defineWinders(table, machine);
  defineHandlers(table, machine);
}

function defineRaising({ define }: BuiltinTable): void {
  const spec = 'language §12.1';
  define('(%raise tag value)', { doc: 'Raise value under a tag.', spec }, (tag: Value, value: Value) => {
    throw new Raise((tag as Sym).name, value);
  });
  define('(%raise-untagged value)', { doc: 'Raise value without a tag.', spec }, (value: Value) => {
    throw raised(value);
  });
  define(
    '(%raise-error tag message [culprit])',
    { doc: 'Raise a runtime error with this tag; culprit is the value that is wrong.', spec },
    (tag: Value, message: string, culprit?: Value) => {
      const error = new EtaError((tag as Sym).name, message);
      error.culprit = culprit;
      throw error;
    },
  );
  define(
    '(%error-object? obj)',
    { doc: 'Whether obj is a runtime error as a handler sees it.', spec },
    (obj) => obj instanceof ErrorObject,
  );
}

/** An error that was caught as an object goes on as the error that it is. */
const raised = (value: Value): Raise | EtaError =>
  value instanceof ErrorObject ? value.error : new Raise(null, value);

function defineWinders({ define }: BuiltinTable, machine: () => Machine): void {
  const spec = 'language §11.2';
  const winder = (value: Value): Winder | null => (value instanceof Winder ? value : null);

  define('(%push-winder! before after)', { doc: 'Enter a dynamic-wind.', spec }, (before: Value, after: Value) => {
    const vm = machine();
    vm.winders = new Winder(before, after, vm.handlers, vm.winders);
    return NIL;
  });
  define('(%pop-winder!)', { doc: 'Leave a dynamic-wind whose body has returned.', spec }, () => {
    const vm = machine();
    vm.winders = vm.winders!.next;
    return NIL;
  });
  define('(%winders)', { doc: 'The innermost entered winder, () for none.', spec }, () => machine().winders ?? NIL);
  define('(%set-winders! winder)', { doc: 'Make this the innermost entered winder.', spec }, (to: Value) => {
    machine().winders = winder(to);
    return NIL;
  });
  define(
    '(%step-out! winder)',
    { doc: 'Before one of its thunks runs: restore the winders and handlers around a winder.', spec },
    (value: Value) => {
      const vm = machine();
      const { next, handlers } = value as Winder;
      vm.winders = next;
      vm.handlers = handlers;
      return NIL;
    },
  );
  define('(%winder-before winder)', { doc: 'Its before thunk.', spec }, (value: Value) => (value as Winder).before);
  define('(%winder-after winder)', { doc: 'Its after thunk.', spec }, (value: Value) => (value as Winder).after);
  define('(%winder-next winder)', { doc: 'The winder around it, ().', spec }, (value: Value) => {
    return (value as Winder).next ?? NIL;
  });
  define('(%winders-of target)', { doc: 'The winders of a continuation or handler.', spec }, (target: Value) => {
    return (target as Continuation | CatchHandler).winders ?? NIL;
  });
  define(
    '(%common-winder a b)',
    { doc: 'The innermost winder that both lists share, ().', spec },
    (a: Value, b: Value) => {
      let x = winder(a);
      let y = winder(b);
      while (x !== y) {
        if ((x?.depth ?? 0) > (y?.depth ?? 0)) x = x!.next;
        else y = y!.next;
      }
      return x ?? NIL;
    },
  );
}

function defineHandlers({ define }: BuiltinTable, machine: () => Machine): void {
  const spec = 'R7RS 6.11';
  define('(%push-handler! procedure)', { doc: 'Install an exception handler.', spec }, (procedure: Value) => {
    if (!isProcedure(procedure)) throw typeError('with-exception-handler: handler must be a procedure', procedure);
    const vm = machine();
    vm.handlers = new ProcedureHandler(procedure, vm.handlers);
    return NIL;
  });
  define('(%raised-tag)', { doc: 'At the start of a handler: the tag of what it is given, #f.', spec }, () => {
    const { raisedTag } = machine();
    return raisedTag === null ? false : intern(raisedTag);
  });
  define('(%pop-handler!)', { doc: 'Remove the innermost handler.', spec }, () => {
    const vm = machine();
    vm.handlers = vm.handlers!.next;
    return NIL;
  });
  define('(%set-handlers! handlers)', { doc: 'Restore handlers that %call-handler was given.', spec }, (to: Value) => {
    machine().handlers = to === NIL ? null : (to as Handler);
    return NIL;
  });
  define(
    '(%select-clause clauses n)',
    { doc: 'The first procedure of a list that accepts n arguments, for case-lambda.', spec: 'R7RS 4.2.9' },
    (clauses: Value, n: Value) => {
      const fitting = (listToArray(clauses) ?? []).find((c) => {
        if (!(c instanceof Closure)) throw typeError('case-lambda: a clause is not a procedure', c);
        const { required, rest } = c.code;
        return n === required || (rest && (n as number) > required);
      });
      if (fitting === undefined) throw arityError(`Wrong number of arguments: no clause of case-lambda takes ${n}`);
      return fitting;
    },
  );
}
