// The logging builtins. Source: builtins §18.

import type { Define } from '../../bytecode/builtin-table.ts';
import { typeError } from '../../values/errors.ts';
import { Port } from '../../values/ports.ts';
import { intern, listToArray, NIL, Sym, type Value } from '../../values/types.ts';
import { wantBoolean, wantString } from '../arguments.ts';
import { LEVELS, wantLevel } from './levels.ts';
import { type Logger, LoggerHandle, LogRegistry } from './logger.ts';
import { ConsoleSink, DailySink, FileSink, LogSink, PortSink, RotatingSink } from './sinks.ts';

export interface LogContext {
  /** The current ports; when the builtins are defined, these are the console. */
  readonly ports: { readonly output: Port; readonly error: Port };
}

const spec = 'builtins §18';

export function defineLog(define: Define, context: LogContext): void {
  const makeErrorSink = (): PortSink => new PortSink(() => context.ports.error);
  const registry = new LogRegistry(makeErrorSink);

  defineStreamSinks(define, context);
  defineFileSinks(define);
  defineLoggers(define, registry);
  defineLevels(define, registry);
  defineFormats(define);
  defineEmitting(define, registry);
}

function wantStringArgument(value: Value, who: string, position: string): string {
  return wantString(value, `${who}: ${position} argument must be a string`);
}

function wantNatural(value: Value, who: string, position: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw typeError(`${who}: ${position} argument must be a non-negative integer`, value);
}

function defineStreamSinks(define: Define, context: LogContext): void {
  const { output, error } = context.ports;

  define(
    '(%log-make-stdout-sink color? stream)',
    {
      doc: 'A sink onto standard output or error itself; stream is the symbol stdout or stderr.',
      errors: 'color? is not a boolean; stream is another value',
      spec,
    },
    (color: Value, stream: Value) => {
      const who = '%log-make-stdout-sink';
      const isColored = wantBoolean(color, `${who}: first argument must be #t or #f`);
      if (!(stream instanceof Sym)) throw typeError(`${who}: second argument must be a symbol`, stream);
      if (stream.name === 'stdout') return new ConsoleSink(output, 1, isColored);
      if (stream.name === 'stderr') return new ConsoleSink(error, 2, isColored);
      throw typeError(`${who}: stream must be 'stdout or 'stderr`, stream);
    },
  );

  define(
    '(%log-make-port-sink port)',
    {
      doc: 'A sink onto an output port, which is flushed after each record.',
      errors: 'port is not an output port',
      spec,
    },
    (port: Value) => {
      if (!(port instanceof Port && port.isOutput))
        throw typeError('%log-make-port-sink: expected an output port', port);
      return new PortSink(() => port);
    },
  );

  define(
    '(%log-make-current-error-sink)',
    { doc: 'A sink onto whatever the current error port is at each record.', spec },
    () => new PortSink(() => context.ports.error),
  );
}

function defineFileSinks(define: Define): void {
  const opening = 'the file cannot be opened (runtime.internal-error)';

  define(
    '(%log-make-file-sink path truncate?)',
    {
      doc: 'A sink onto a file, which is appended to unless truncate? is true. Missing folders are made.',
      errors: `path is not a string; truncate? is not a boolean; ${opening}`,
      spec,
    },
    (path: Value, truncate: Value) => {
      const who = '%log-make-file-sink';
      const name = wantStringArgument(path, who, 'first');
      return new FileSink(name, wantBoolean(truncate, `${who}: second argument must be #t or #f`), who);
    },
  );

  define(
    '(%log-make-rotating-sink path max-size max-files)',
    {
      doc: 'A sink onto a file of at most max-size bytes; max-files older ones are kept beside it.',
      errors: `path is not a string; max-size or max-files is not a positive integer; ${opening}`,
      spec,
    },
    (path: Value, maxSize: Value, maxFiles: Value) => {
      const who = '%log-make-rotating-sink';
      const name = wantStringArgument(path, who, 'first');
      const size = wantNatural(maxSize, who, 'second');
      const files = wantNatural(maxFiles, who, 'third');
      if (size === 0 || files === 0) throw typeError(`${who}: max-size and max-files must be > 0`, 0);
      return new RotatingSink(name, size, files, who);
    },
  );

  define(
    '(%log-make-daily-sink path hour minute max-files)',
    {
      doc: 'A sink onto a file a day, begun at hour:minute; at most max-files are kept, 0 for all.',
      errors: `path is not a string; hour, minute or max-files is out of range; ${opening}`,
      spec,
    },
    (path: Value, hour: Value, minute: Value, maxFiles: Value) => {
      const who = '%log-make-daily-sink';
      const name = wantStringArgument(path, who, 'first');
      const hours = wantNatural(hour, who, 'second');
      const minutes = wantNatural(minute, who, 'third');
      const files = wantNatural(maxFiles, who, 'fourth');
      if (hours > 23 || minutes > 59) throw typeError(`${who}: hour/minute out of range`, hours > 23 ? hours : minutes);
      return new DailySink(name, hours, minutes, files, who);
    },
  );
}

function wantLogger(value: Value, who: string): Logger {
  if (!(value instanceof LoggerHandle)) throw typeError(`${who}: logger must be a logger`, value);
  return value.logger;
}

function defineLoggers(define: Define, registry: LogRegistry): void {
  define(
    '(%log-make-logger name sinks)',
    {
      doc: 'A logger at level info. A name that is not empty registers it.',
      errors: 'name is not a string; sinks is not a list of at least one sink',
      spec,
    },
    (name: Value, sinks: Value) => {
      const who = '%log-make-logger';
      const text = wantStringArgument(name, who, 'first');
      const items = listToArray(sinks);
      if (items === null) throw typeError(`${who}: sinks must be a proper list of log sinks`, sinks);
      for (const item of items)
        if (!(item instanceof LogSink)) throw typeError(`${who}: sink must be a log sink`, item);
      if (items.length === 0) throw typeError(`${who}: at least one sink is required`, sinks);
      return registry.make(text, items as LogSink[]);
    },
  );

  define(
    '(%log-get-logger name)',
    { doc: 'The logger that is registered under name, or #f.', errors: 'name is not a string', spec },
    (name: Value) => registry.get(wantStringArgument(name, '%log-get-logger', 'first')) ?? false,
  );

  define('(%log-default-logger)', { doc: 'The default logger, made on first use.', spec }, () => registry.getDefault());

  define(
    '(%log-set-default! logger)',
    { doc: 'Make logger the default logger.', errors: 'logger is not a logger', spec },
    (logger: Value) => {
      wantLogger(logger, '%log-set-default!');
      registry.setDefault(logger as LoggerHandle);
      return NIL;
    },
  );
}

function defineLevels(define: Define, registry: LogRegistry): void {
  const errors = 'logger is not a logger; level is not the symbol of a level';

  define(
    '(%log-set-level! logger level)',
    { doc: 'Log only records at this level and above.', errors, spec },
    (logger: Value, level: Value) => {
      const target = wantLogger(logger, '%log-set-level!');
      target.level = wantLevel(level, '%log-set-level!', 'second');
      return NIL;
    },
  );

  define(
    '(%log-level logger)',
    { doc: 'The level of a logger.', errors: 'logger is not a logger', spec },
    (logger: Value) => intern(LEVELS[wantLogger(logger, '%log-level').level]),
  );

  define(
    '(%log-set-global-level! level)',
    { doc: 'Set the level of all registered loggers.', errors: 'level is not the symbol of a level', spec },
    (level: Value) => {
      registry.setLevel(wantLevel(level, '%log-set-global-level!', 'first'));
      return NIL;
    },
  );
}

function defineFormats(define: Define): void {
  define(
    '(%log-set-pattern! logger pattern)',
    {
      doc: 'Set the pattern of all sinks of a logger.',
      errors: 'logger is not a logger; pattern is not a string',
      spec,
    },
    (logger: Value, pattern: Value) => {
      const target = wantLogger(logger, '%log-set-pattern!');
      target.setPattern(wantStringArgument(pattern, '%log-set-pattern!', 'second'));
      return NIL;
    },
  );

  define(
    '(%log-set-formatter! logger mode)',
    {
      doc: 'Render records for people (human) or as JSON objects (json), and reset the pattern.',
      errors: 'logger is not a logger; mode is another value',
      spec,
    },
    (logger: Value, mode: Value) => {
      const who = '%log-set-formatter!';
      const target = wantLogger(logger, who);
      if (!(mode instanceof Sym)) throw typeError(`${who}: formatter must be a symbol`, mode);
      const { name } = mode;
      if (name !== 'human' && name !== 'json') throw typeError(`${who}: formatter must be 'human or 'json`, mode);
      target.setFormatter(name);
      return NIL;
    },
  );

  define(
    '(%log-flush! logger)',
    { doc: 'Flush the sinks of a logger.', errors: 'logger is not a logger', spec },
    (logger: Value) => {
      wantLogger(logger, '%log-flush!').flush();
      return NIL;
    },
  );

  define(
    '(%log-flush-on! logger level)',
    {
      doc: 'Flush after each record at this level and above.',
      errors: 'logger is not a logger; level is not the symbol of a level',
      spec,
    },
    (logger: Value, level: Value) => {
      const target = wantLogger(logger, '%log-flush-on!');
      target.flushLevel = wantLevel(level, '%log-flush-on!', 'second');
      return NIL;
    },
  );
}

function defineEmitting(define: Define, registry: LogRegistry): void {
  define(
    '(%log-emit logger level message payload)',
    {
      doc: 'Log a message with a payload: an association list or a hash map.',
      errors: 'logger, level, message or payload is of another type, whatever the level lets through',
      spec,
    },
    (logger: Value, level: Value, message: Value, payload: Value) => {
      const target = wantLogger(logger, '%log-emit');
      const rank = wantLevel(level, '%log-emit', 'second');
      target.emit(rank, wantStringArgument(message, '%log-emit', 'third'), payload);
      return NIL;
    },
  );

  define('(%log-shutdown!)', { doc: 'Forget all registered loggers and the default logger.', spec }, () => {
    registry.shutDown();
    return NIL;
  });
}
