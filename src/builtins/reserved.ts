// Reserved: the builtins of the symbolic and numeric libraries, which this build does not have yet.
//
// Their names are taken in every module, as they will be, and calling one says so. NAME:N takes N arguments, NAME:N+ at
// least N. Source: builtins, Appendix A; language §8.

import type { BuiltinTable } from '../bytecode/builtin-table.ts';
import { Primitive } from '../bytecode/procedures.ts';
import { userError } from '../values/errors.ts';

const GROUPS: readonly (readonly [group: string, specification: string, names: string])[] = [
  ['AAD policy', 'numerics', `set-aad-nondiff-policy!:1 aad-nondiff-policy:0`],
  [
    'CLP domains and real constraints',
    'symbolic',
    `%clp-domain-z!:3 %clp-domain-fd!:2 %clp-domain-r!:5 %clp-get-domain:1 %clp-linearize:1
     %clp-fm-feasible?:1+ %clp-fm-bounds:2+ %clp-r-post-leq!:2 %clp-r-post-eq!:2 %clp-r-propagate!:0
     %clp-r-minimize:1 %clp-r-maximize:1 %clp-r-qp-minimize:1 %clp-r-qp-maximize:1`,
  ],
  [
    'CLP(FD) propagators',
    'symbolic',
    `%clp-fd-plus!:3 %clp-fd-plus-offset!:3 %clp-fd-abs!:2 %clp-fd-times!:3 %clp-fd-sum!:2
     %clp-fd-scalar-product!:3 %clp-fd-element!:3 %clp-fd-all-different!:1`,
  ],
  [
    'CLP(B) propagators',
    'symbolic',
    `%clp-bool-and!:3 %clp-bool-or!:3 %clp-bool-xor!:3 %clp-bool-imp!:3 %clp-bool-eq!:3 %clp-bool-not!:2
     %clp-bool-card!:3`,
  ],
  [
    'AAD tape',
    'numerics',
    `tape-new:0 tape-start!:1 tape-stop!:0 tape-clear!:1 tape-var:2 tape-backward!:2 tape-adjoint:2
     tape-primal:2 tape-ref?:1 tape-ref-index:1 tape-size:1 tape-ref-value-of:2 tape-ref-value:1`,
  ],
  [
    'Statistics (scalar)',
    'numerics',
    `%stats-mean:1 %stats-variance:1 %stats-stddev:1 %stats-sem:1 %stats-percentile:2 %stats-covariance:2
     %stats-correlation:2 %stats-t-cdf:2 %stats-t-quantile:2 %stats-normal-quantile:1 %stats-ci:2
     %stats-t-test-2:2 %stats-ols:2`,
  ],
  ['Propagation queue, eval', 'symbolic', `register-prop-attr!:1 %clp-prop-queue-size:0`],
  [
    'Torch',
    'numerics',
    `torch/tensor:1+ torch/ones:1 torch/zeros:1 torch/randn:1 torch/manual-seed:1 torch/arange:3
     torch/linspace:3 torch/from-list:1 torch/tensor?:1 torch/add:2 torch/sub:2 torch/mul:2 torch/div:2
     torch/matmul:2 torch/dot:2 torch/cholesky:1 torch/matrix-exp:1 torch/mvnormal:2 torch/neg:1
     torch/abs:1 torch/exp:1 torch/log:1 torch/sqrt:1 torch/relu:1 torch/sigmoid:1 torch/tanh:1
     torch/softmax:2 torch/shape:1 torch/reshape:2 torch/transpose:3 torch/squeeze:1 torch/unsqueeze:2
     torch/cat:2 torch/fact-table->tensor:2 torch/column-l2-norm:2 torch/sum:1 torch/mean:1 torch/max:1
     torch/min:1 torch/argmax:1 torch/argmin:1 torch/item:1 torch/to-list:1 torch/numel:1
     torch/requires-grad!:2 torch/requires-grad?:1 torch/detach:1 torch/backward:1 torch/grad:1
     torch/zero-grad!:1 nn/linear:2 nn/sequential:0+ nn/relu-layer:0 nn/sigmoid-layer:0 nn/dropout:1
     nn/forward:2 nn/parameters:1 nn/train!:1 nn/eval!:1 nn/module?:1 nn/mse-loss:2 nn/l1-loss:2
     nn/cross-entropy-loss:2 optim/sgd:2 optim/adam:2 optim/step!:1 optim/zero-grad!:1 optim/optimizer?:1
     torch/save:2 torch/load:1 torch/print:1 torch/cuda-available?:0 torch/cuda-device-count:0
     torch/device:1 torch/to-device:2 nn/to-device:2`,
  ],
  [
    'Statistics (vector)',
    'numerics',
    `%stats-mean-vec:1+ %stats-var-vec:1+ %stats-cov-matrix:1+ %stats-cor-matrix:1+
     %stats-quantile-vec:2+ %stats-ols-multi:2+`,
  ],
];

const PARAMETERS = ' a1 a2 a3 a4';

/** `(name a1 a2 …)`: the usage line of a count of arguments. Every start makes them all. */
const usageOf = (name: string, count: number, isRest: boolean): string =>
  `(${name}${PARAMETERS.slice(0, 3 * count)}${isRest ? ' b …' : ''})`;

/** They take any count of arguments, since that they are not here is more worth saying than how many they want. */
export function defineReserved(table: BuiltinTable): void {
  for (const [group, spec, names] of GROUPS) {
    const doc = { doc: `${group}: not in this build yet.`, errors: 'always: runtime.user-error', spec };
    for (const entry of names.split(/\s+/)) {
      const colon = entry.indexOf(':');
      const name = entry.slice(0, colon);
      const usage = usageOf(name, Number.parseInt(entry.slice(colon + 1), 10), entry.endsWith('+'));
      const refuse = () => {
        throw userError(`${name}: not in this build yet`);
      };
      table.add(new Primitive(name, usage, 0, true, refuse, doc));
    }
  }
}
