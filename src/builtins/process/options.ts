// The arguments of %process-run and %process-spawn: a program, its arguments, and an association list or hash map of
// options, checked key by key. Source: builtins §14, stdlib §15.

import { type EtaError, typeError } from '../../values/errors.ts';
import { HashMap } from '../../values/hash-map.ts';
import { textOf } from '../../values/mutable-string.ts';
import { Bytevector, listToArray, NIL, Pair, Sym, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';

export type Stdin = 'pipe' | 'inherit' | 'null' | Uint8Array;
export type Stdout = 'pipe' | 'inherit' | 'null';
export type Stderr = Stdout | 'merge';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  /** The whole environment of the child; undefined to inherit ours. */
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly stdin: Stdin;
  /** `pipe` stands for `capture` too. */
  readonly stdout: Stdout;
  readonly stderr: Stderr;
  readonly timeoutMs: number | null;
  readonly isBinary: boolean;
}

/** How the two builtins differ: `run` captures, and cannot hand a pipe to the program. */
export type Mode = 'run' | 'spawn';

interface Options {
  cwd: string | undefined;
  env: Record<string, string> | null;
  replaceEnv: boolean;
  stdin: Stdin;
  stdout: Stdout;
  stderr: Stderr;
  timeoutMs: number | null;
  isBinary: boolean;
}

export function parseCommand(mode: Mode, program: Value, args: Value, options: Value): Command {
  const who = `%process-${mode}`;
  const file = wantString(program, `${who}: program must be a string`);
  const items = listToArray(args);
  if (items === null) throw typeError(`${who}: args must be a proper list of strings`, args);
  const words = items.map((item) => wantString(item, `${who}: args must be a string`));
  const parsed = new OptionParser(mode, who).parse(options);
  const { env, replaceEnv } = parsed;
  const inherited = replaceEnv ? {} : (process.env as Record<string, string>);
  return {
    ...parsed,
    program: file,
    args: words as string[],
    env: env !== null || replaceEnv ? { ...inherited, ...env } : undefined,
  };
}

class OptionParser {
  constructor(
    private readonly mode: Mode,
    private readonly who: string,
  ) {}

  parse(value: Value): Options {
    const options: Options = {
      cwd: undefined,
      env: null,
      replaceEnv: false,
      stdin: this.mode === 'run' ? 'null' : 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      timeoutMs: null,
      isBinary: false,
    };
    for (const [name, setting] of this.entries(value)) this.set(options, name.replace(/^:/, ''), setting);
    return options;
  }

  /** Keys as text, and values, of an association list or a hash map. */
  private entries(value: Value): [string, Value][] {
    if (value instanceof HashMap) return value.entries().map(({ key, value }) => [this.keyText(key), value]);
    if (value !== NIL && !(value instanceof Pair))
      throw this.invalid("options must be an alist, hash-map, or '()", value);
    const items = listToArray(value);
    if (items === null) throw this.invalid('options must be a proper alist', value);
    return items.map((item) => {
      if (!(item instanceof Pair)) throw this.invalid('option entry must be a pair', item);
      return [this.keyText(item.car), item.cdr];
    });
  }

  private keyText(key: Value): string {
    const text = key instanceof Sym ? key.name : textOf(key);
    if (text !== undefined) return text;
    throw this.invalid('option key must be a symbol', key);
  }

  private set(options: Options, key: string, value: Value): void {
    switch (key) {
      case 'cwd':
        options.cwd = wantString(value, `${this.who}: cwd must be a string`);
        return;
      case 'env':
        options.env = this.environment(value);
        return;
      case 'replace-env?':
        options.replaceEnv = this.boolean(key, value);
        return;
      case 'binary?':
        options.isBinary = this.boolean(key, value);
        return;
      case 'timeout-ms':
        if (!(typeof value === 'number' && Number.isInteger(value) && value >= 0)) {
          throw this.invalid('timeout-ms must be a non-negative integer', value);
        }
        options.timeoutMs = value;
        return;
      case 'stdin':
        options.stdin = this.stdin(value);
        return;
      case 'stdout':
        options.stdout = this.stdout(value);
        return;
      case 'stderr':
        options.stderr = this.stderr(value);
        return;
    }
    throw this.invalid(`unknown option key '${key}'`, value);
  }

  private environment(value: Value): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, text] of this.entries(value)) {
      env[name] = wantString(text, `${this.who}: environment value must be a string`);
    }
    return env;
  }

  private boolean(key: string, value: Value): boolean {
    if (typeof value !== 'boolean') throw this.invalid(`${key} must be #t or #f`, value);
    return value;
  }

  /** A string is always data. */
  private stdin(value: Value): Stdin {
    const text = textOf(value);
    if (text !== undefined) return Buffer.from(text);
    if (value instanceof Bytevector) return value.bytes;
    if (!(value instanceof Sym)) throw this.invalid('stdin must be a symbol', value);
    const name = value.name.replace(/^:/, '');
    if (name === 'pipe' && this.mode === 'run') {
      throw this.invalid("stdin must be string, bytevector, 'inherit, or 'null", value);
    }
    if (name === 'pipe' || name === 'inherit' || name === 'null') return name;
    throw this.invalid("stdin must be string, bytevector, 'pipe, 'inherit, or 'null", value);
  }

  private stdout(value: Value): Stdout {
    const name = streamName(value);
    if (name === 'pipe' && this.mode === 'run')
      throw this.invalid("stdout must be 'capture, 'inherit, or 'null", value);
    return outputOf(name) ?? this.refuse("stdout must be 'pipe, 'capture, 'inherit, or 'null", value);
  }

  private stderr(value: Value): Stderr {
    const name = streamName(value);
    if (name === 'merge') return name;
    if (name === 'pipe' && this.mode === 'run') {
      throw this.invalid("stderr must be 'capture, 'inherit, 'null, or 'merge", value);
    }
    return outputOf(name) ?? this.refuse("stderr must be 'pipe, 'capture, 'inherit, 'null, or 'merge", value);
  }

  private invalid(what: string, value: Value): EtaError {
    return typeError(`${this.who}: ${what}`, value);
  }

  private refuse(what: string, value: Value): never {
    throw this.invalid(what, value);
  }
}

function streamName(value: Value): string | null {
  const name = value instanceof Sym ? value.name : textOf(value);
  return name?.replace(/^:/, '') ?? null;
}

function outputOf(name: string | null): Stdout | null {
  if (name === 'capture' || name === 'pipe') return 'pipe';
  return name === 'inherit' || name === 'null' ? name : null;
}
