// What other folders may use of the reader.

export { DatumReadError } from './faults.ts';
export { LineIndex } from './line-index.ts';
export { parseNumber } from './number-syntax.ts';
export { type DatumOptions, type DatumText, readDatum, readWireDatum } from './read-datum.ts';
export { type ProgramText, readProgram } from './read-program.ts';
export { type ReadStatus, readStatus } from './read-status.ts';
export { decodeSource, findIllFormed } from './source-text.ts';
export { type Alias, AtomSyntax, Identifier, ListSyntax, type Syntax, VectorSyntax } from './syntax.ts';
export { datumToSyntax, syntaxToDatum } from './syntax-data.ts';
