// What an `(eval e)` call needs at run time: the scope that it stands in, and which variables' boxes it is handed.

import { HeapObject } from '../values/types.ts';
import type { Variable } from './core-forms.ts';
import type { Scope } from './scope.ts';

export class EvalScope extends HeapObject {
  readonly kind = 'EvalScope';
  constructor(
    readonly scope: Scope,
    /** In the order in which their boxes are passed to `%eval`. */
    readonly variables: readonly Variable[],
  ) {
    super();
  }
}
