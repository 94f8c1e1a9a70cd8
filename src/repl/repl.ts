// The prompt without its terminal: a session, what has been submitted to it, and what is shown of the results.
//
//   a submission  →  a command (`:load f.eta`), the way out, or forms  →  `=> value`, findings, an exit status
//
// line-mode.ts and terminal-mode.ts read submissions and hand them in here. Source: tools §4, §16.3.

import type { Finding, Outcome } from '../session/outcome.ts';
import type { Session } from '../session/session.ts';
import { isSubmission } from '../session/submissions.ts';
import type { Port } from '../values/ports.ts';
import { MultipleValues, NIL, type Value } from '../values/types.ts';
import { isCommand, runCommand } from './commands.ts';
import { NO_LIMITS, type ResultLimits, resultText } from './result-text.ts';
import { DEFAULT_SETTINGS, limitsOf, type Settings } from './settings.ts';

/** What the command line lends to the prompt. */
export interface ReplHost {
  /** A session whose programs read from this port. */
  createSession(): Session;
  /** Standard input, as the programs of the sessions have it. */
  readonly input: Port;
  /** Tell about errors, on standard error. */
  report(findings: readonly Finding[], options?: { readonly allFrames?: boolean }): void;
  /** Say something on standard error. */
  complain(message: string): void;
}

/** How results are shown. */
export interface ReplStyle {
  /** Whether somebody looks at it: there are prompts, and long results are cut. */
  readonly isInteractive: boolean;
  /** Whether what is typed comes from a terminal, which shows it, and whose Ctrl-C is not meant to end us. */
  readonly isTerminal: boolean;
  /** Columns of the terminal, Infinity without one. */
  readonly width: () => number;
  /** Text as a remark, which is not part of a result. */
  readonly remark: (text: string) => string;
}

/** What findings call a submission. */
export const SOURCE_NAME = '<repl>';
const RESULT = '=> ';
/** The last three values. */
const VALUE_NAMES = ['_', '__', '___'] as const;

/** A text that was entered, or the path of a file that was loaded. */
export type Submitted = { readonly text: string } | { readonly file: string };

export class Repl {
  readonly settings: Settings = { ...DEFAULT_SETTINGS };
  /** Of the last submission that ended in an error. */
  lastErrors: readonly Finding[] = [];
  /** What was shown last, cut perhaps. */
  lastShown: readonly Value[] = [];
  /** What has run without an error, for `:save`. A file that has been loaded twice is there once. */
  readonly submitted: Submitted[] = [];
  /** What `:save` has written, by the file's path. */
  readonly saved = new Map<string, string>();
  private values: readonly Value[] = [];
  private current: Session | null = null;

  constructor(
    readonly host: ReplHost,
    readonly style: ReplStyle,
  ) {}

  get session(): Session {
    this.current ??= this.host.createSession();
    return this.current;
  }

  /** Make the session, and load what every submission imports. */
  prepare(): void {
    this.session.submissions.scope();
    // The first look at the heap loads modules of Node, and one whose loading Ctrl-C cuts off stays broken for good.
    this.session.machine.tick();
  }

  /** Evaluate a submission and show what comes of it. Gives the exit status if it ends the prompt, else null. */
  submit(text: string): number | null {
    const trimmed = text.trim();
    if (trimmed === '') return null;
    if (trimmed === '(exit)' || trimmed === '(quit)') return 0;
    return isCommand(trimmed) ? runCommand(this, trimmed) : this.evaluate(text);
  }

  /** @param whenDone  called between the run and the showing of its result */
  evaluate(text: string, whenDone?: () => void): number | null {
    const outcome = this.session.evaluateText(text, SOURCE_NAME);
    whenDone?.();
    if (outcome.kind === 'finished') this.submitted.push({ text });
    return this.show(outcome);
  }

  /** Show how a run has ended. */
  show(outcome: Outcome): number | null {
    this.session.flush();
    const findings = outcome.findings.map(withoutSubmissionFrame);
    this.host.report(findings);
    if (findings.some(({ severity }) => severity === 'error')) this.lastErrors = findings;
    if (outcome.kind === 'exited') return outcome.status;
    if (outcome.kind === 'interrupted') {
      this.tellInterrupted();
      if (!this.style.isInteractive) return outcome.status;
    }
    if (outcome.kind === 'finished' && outcome.value !== undefined) this.showValue(outcome.value);
    return null;
  }

  /** The terminal has shown `^C`, and nothing else stands behind that. */
  tellInterrupted(): void {
    this.host.complain(`${this.style.isTerminal ? '\n' : ''}interrupted`);
  }

  /** Print a result, and keep it as `_`. The empty list stands for nothing useful, and prints nothing. */
  showValue(value: Value): void {
    if (value === NIL) return;
    const values = value instanceof MultipleValues ? value.values : [value];
    this.lastShown = values;
    const isElided = this.printValues(values, this.limits());
    if (isElided) this.print(`${this.style.remark(`${RESULT_INDENT}(cut at …; :full shows all)`)}\n`);
    if (value instanceof MultipleValues) return;
    this.values = [value, ...this.values].slice(0, VALUE_NAMES.length);
    this.values.forEach((each, i) => {
      this.session.submissions.bind(VALUE_NAMES[i], each);
    });
  }

  /** Print values without limits. */
  showInFull(values: readonly Value[]): void {
    this.printValues(values, NO_LIMITS);
  }

  /** Write to standard output, behind what the program has written. */
  print(text: string): void {
    this.session.print(text);
  }

  /** Hand to the system what has been printed. */
  flush(): void {
    this.session.flush();
  }

  /** Begin again: a new session, without definitions, modules and actors. */
  reset(): void {
    this.close();
    this.values = [];
    this.lastErrors = [];
    this.lastShown = [];
    this.submitted.length = 0;
  }

  /** End the session, with its actors. */
  close(endsProcess = false): void {
    this.current?.close(endsProcess);
    this.current = null;
  }

  private limits(): ResultLimits {
    return this.style.isInteractive ? limitsOf(this.settings, this.style.width()) : NO_LIMITS;
  }

  private printValues(values: readonly Value[], limits: ResultLimits): boolean {
    let isElided = false;
    for (const value of values) {
      const shown = resultText(value, limits, RESULT.length);
      const text = shown.text.replaceAll('\n', `\n${RESULT_INDENT}`);
      this.print(`${RESULT}${text}\n`);
      isElided ||= shown.isElided;
    }
    return isElided;
  }
}

const RESULT_INDENT = ' '.repeat(RESULT.length);

/** The outermost frame of a submission is the submission itself, under a name that nobody has given it. */
function withoutSubmissionFrame(finding: Finding): Finding {
  const { trace } = finding;
  if (trace === undefined) return finding;
  return { ...finding, trace: trace.filter(({ name }) => !isSubmission(name.replace(/_init$/, ''))) };
}
