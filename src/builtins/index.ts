// All builtins that are written in TypeScript, but the machine's own (vm/control.ts), in one table.
//
// The order is that of builtins, Appendix A; groups that the reference does not have come last.

import { BuiltinTable, type Define } from '../bytecode/builtin-table.ts';
import { defineAtoms } from './atoms.ts';
import { defineChars } from './chars.ts';
import { defineComplex } from './complex.ts';
import type { BuiltinContext } from './context.ts';
import { defineCsv } from './csv/define.ts';
import { defineErrors } from './errors.ts';
import { defineFactTables } from './fact-table/define.ts';
import { defineFiles } from './files.ts';
import { defineHashes } from './hashes.ts';
import { defineInput } from './input.ts';
import { defineJson } from './json/define.ts';
import { defineKernelSupport } from './kernel-support.ts';
import { defineLists } from './lists.ts';
import { defineLog } from './log/define.ts';
import { defineLogic } from './logic/define.ts';
import { defineNng } from './nng/primitives.ts';
import { defineNumbers } from './numbers.ts';
import { defineOptions } from './options.ts';
import { defineOs } from './os.ts';
import { defineOutput } from './output.ts';
import { definePaths } from './paths.ts';
import { definePorts } from './ports.ts';
import { definePredicates } from './predicates.ts';
import { defineProcess } from './process/define.ts';
import { defineR7rsSystem } from './r7rs-system.ts';
import { defineRecords } from './records.ts';
import { defineRegex } from './regex/define.ts';
import { defineReserved } from './reserved.ts';
import { defineSourcePositions } from './source-positions.ts';
import { defineStrings } from './strings.ts';
import { defineTime } from './time.ts';
import { defineVectors } from './vectors.ts';

export { type BuiltinContext, type CurrentPorts, consolePorts } from './context.ts';
export { isNativeCodeLoaded, loadNativeCode, NativeCodeNeeded } from './native-code.ts';

export function createBuiltins(context: BuiltinContext): BuiltinTable {
  const table = new BuiltinTable();
  const { define } = table;
  const defineNative: Define = (usage, doc, fn) => define(usage, { ...doc, needsNativeCode: true }, fn);
  defineNumbers(define);
  defineComplex(define);
  definePredicates(define);
  defineLists(define);
  defineStrings(define);
  defineCsv(define);
  defineRegex(define);
  defineJson(define);
  defineChars(define);
  defineVectors(define);
  defineHashes(define);
  defineAtoms(define);
  defineErrors(define);
  definePorts(define, context);
  defineInput(define, context);
  defineOutput(define, context);
  defineOs(define, context);
  defineR7rsSystem(define, context);
  defineFiles(define);
  definePaths(define);
  defineProcess(defineNative);
  defineTime(define);
  defineLog(define, context);
  if (context.nng !== undefined) defineNng(defineNative, context.nng);
  defineLogic(define);
  defineFactTables(define);
  defineReserved(table);
  defineOptions(define);
  defineRecords(define);
  defineKernelSupport(define);
  defineSourcePositions(define);
  return table;
}
