// Code objects as bytes, apart from their source and their constants: what compiled files and thread captures share.

import { NO_SPAN, type Source, Span } from '../values/span.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { CodeBody, CodeHead, CodeObject } from './code.ts';

/** Everything about the head but the source. */
export function writeCodeHead(writer: ByteWriter, code: CodeObject): void {
  writer.text(code.name);
  writer.count(code.required);
  writer.byte((code.rest ? 1 : 0) | (code.isBuiltin ? 2 : 0) | (code.usesNativeCode ? 4 : 0));
  writer.count(code.localCount);
  writer.count(code.maxStack);
  writer.words(code.captures);
}

/** The other way round. Throws MalformedBytes. */
export function readCodeHead(reader: ByteReader, source: Source): CodeHead {
  const name = reader.text();
  const required = reader.count();
  const flags = reader.byte();
  const localCount = reader.count();
  const maxStack = reader.count();
  const captures = reader.words();
  return {
    name,
    required,
    rest: (flags & 1) !== 0,
    isBuiltin: (flags & 2) !== 0,
    usesNativeCode: (flags & 4) !== 0,
    localCount,
    maxStack,
    captures,
    source,
  };
}

/** Everything about the body but the constants. */
export function writeCodeBody(writer: ByteWriter, code: CodeObject): void {
  writer.words(code.code);
  writer.words(code.spans);
  writeSpan(writer, code.span);
  writeNames(writer, code.localNames);
  writeNames(writer, code.upvalueNames);
}

/** The other way round. Throws MalformedBytes. */
export function readCodeBody(reader: ByteReader, source: Source): Omit<CodeBody, 'constants'> {
  const code = reader.words();
  const spans = reader.words();
  const span = readSpan(reader, source);
  return { code, spans, span, localNames: readNames(reader), upvalueNames: readNames(reader) };
}

export function writeSpan(writer: ByteWriter, { startLine, startColumn, endLine, endColumn }: Span): void {
  for (const each of [startLine, startColumn, endLine, endColumn]) writer.count(each);
}

export function readSpan(reader: ByteReader, source: Source): Span {
  const startLine = reader.count();
  const startColumn = reader.count();
  const endLine = reader.count();
  const endColumn = reader.count();
  return startLine > 0 ? new Span(source, startLine, startColumn, endLine, endColumn) : NO_SPAN;
}

function writeNames(writer: ByteWriter, names: readonly string[]): void {
  writer.count(names.length);
  for (const name of names) writer.text(name);
}

function readNames(reader: ByteReader): string[] {
  return Array.from({ length: reader.length() }, () => reader.text());
}
