// Loggers, their registry, and how a message and its payload become the text of a record.
//
// A logger's handle is what programs hold; several handles may share one logger. Source: builtins §18, stdlib §17.

import { typeError } from '../../values/errors.ts';
import { HashMap } from '../../values/hash-map.ts';
import { textOf } from '../../values/mutable-string.ts';
import { writeText } from '../../values/printer.ts';
import { HeapObject, listToArray, NIL, Pair, Sym, type Value } from '../../values/types.ts';
import { type JsonPolicy, jsonText } from '../json/writer.ts';
import { nowMicroseconds } from '../time.ts';
import { ERROR, INFO, LEVELS, levelOf, OFF } from './levels.ts';
import { HUMAN_PATTERN, JSON_PATTERN } from './pattern.ts';
import type { LogSink, PortSink } from './sinks.ts';

export class Logger {
  level = INFO;
  flushLevel = ERROR;
  private isJson = false;

  constructor(
    readonly name: string,
    readonly sinks: readonly LogSink[],
  ) {
    this.setPattern(HUMAN_PATTERN);
  }

  setPattern(pattern: string): void {
    for (const sink of this.sinks) sink.setPattern(pattern);
  }

  setFormatter(mode: 'human' | 'json'): void {
    this.isJson = mode === 'json';
    this.setPattern(this.isJson ? JSON_PATTERN : HUMAN_PATTERN);
  }

  /** A bad payload is an error even if the record is then not logged. */
  emit(level: number, message: string, payload: Value): void {
    const entries = payloadEntries(payload);
    const text = this.isJson ? this.jsonLine(level, message, entries) : humanText(message, entries);
    // A record at level `off` always passes.
    if (level < this.level) return;
    const record = { logger: this.name, level, text, microseconds: Number(nowMicroseconds()) };
    for (const sink of this.sinks) sink.log(record);
    if (level >= this.flushLevel && level !== OFF) this.flush();
  }

  flush(): void {
    for (const sink of this.sinks) sink.flush();
  }

  /** An entry whose key is taken goes under `payload.KEY`. */
  private jsonLine(level: number, message: string, entries: readonly PayloadEntry[]): string {
    const fields = HashMap.of([
      ['level', LEVELS[level]],
      ['logger', this.name],
      ['msg', message],
    ]);
    for (const [key, value] of entries) fields.set(fields.has(key) ? `payload.${key}` : key, value);
    return jsonText(fields, JSON_POLICY);
  }
}

type PayloadEntry = readonly [key: string, value: Value];

function payloadEntries(payload: Value): PayloadEntry[] {
  if (payload instanceof HashMap) return payload.entries().map(({ key, value }) => [keyText(key), value]);
  if (payload !== NIL && !(payload instanceof Pair)) {
    throw typeError("log: payload must be an alist, hash-map, or '()", payload);
  }
  const entries: PayloadEntry[] = [];
  let rest: Value = payload;
  for (; rest instanceof Pair; rest = rest.cdr) {
    if (!(rest.car instanceof Pair)) throw typeError('log: payload entries must be pairs', rest.car);
    entries.push([keyText(rest.car.car), rest.car.cdr]);
    // A list that goes on for ever is no proper one.
    if (entries.length === LONG_PAYLOAD && listToArray(payload) === null) break;
  }
  if (rest !== NIL) throw typeError('log: payload alist must be a proper list', payload);
  return entries;
}

const LONG_PAYLOAD = 1000;

function keyText(key: Value): string {
  const text = key instanceof Sym ? key.name : textOf(key);
  if (text !== undefined) return text;
  throw typeError('log: payload keys must be strings or symbols', key);
}

function humanText(message: string, entries: readonly PayloadEntry[]): string {
  return message + entries.map(([key, value]) => ` ${key}=${writeText(value)}`).join('');
}

/** What JSON does not have is logged as its written form. */
const JSON_POLICY: JsonPolicy = {
  nonFinite: (value) => {
    throw typeError('log: cannot encode NaN/infinity in JSON payload', value);
  },
  unsupported: writeText,
  unsupportedKey: writeText,
};

export class LoggerHandle extends HeapObject {
  readonly kind = 'Logger';
  constructor(readonly logger: Logger) {
    super();
  }

  override printed(): string {
    return this.logger.name === '' ? '#<logger>' : `#<logger:${this.logger.name}>`;
  }
}

/** The loggers of one VM that have a name, and its default logger. */
export class LogRegistry {
  private readonly named = new Map<string, Logger>();
  private default: LoggerHandle | null = null;

  constructor(private readonly makeErrorSink: () => PortSink) {}

  make(name: string, sinks: readonly LogSink[]): LoggerHandle {
    const logger = new Logger(name, sinks);
    if (name !== '') this.named.set(name, logger);
    return new LoggerHandle(logger);
  }

  get(name: string): LoggerHandle | null {
    const logger = this.named.get(name);
    return logger === undefined ? null : new LoggerHandle(logger);
  }

  /** Made on first use; it is not registered by its name. */
  getDefault(): LoggerHandle {
    if (this.default === null) {
      const logger = new Logger('default', [this.makeErrorSink()]);
      const level = levelOf((process.env.ETA_LOG_LEVEL ?? '').toLowerCase());
      if (level >= 0) logger.level = level;
      this.default = new LoggerHandle(logger);
    }
    return this.default;
  }

  setDefault(handle: LoggerHandle): void {
    this.default = handle;
  }

  /** Of the loggers that are registered now. */
  setLevel(level: number): void {
    for (const logger of this.named.values()) logger.level = level;
  }

  shutDown(): void {
    this.named.clear();
    this.default = null;
  }
}
