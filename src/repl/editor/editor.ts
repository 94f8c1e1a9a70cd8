// The editor: keys in, a document out. It knows no terminal; screen.ts shows what it holds.
//
// Keys are those of Emacs and readline, in one table (KEYS). A key gives an effect if somebody else has to act on it:
// the input is complete, or is given up, or the screen has to be cleared. Source: tools §16.3.

import { readStatus } from '../../reader/read-status.ts';
import { isOneLineCommand } from '../commands.ts';
import { type Completion, commonPrefix } from '../completion.ts';
import type { History } from '../history.ts';
import { CodeText } from './code-text.ts';
import {
  blankStart,
  columnOf,
  type Document,
  EMPTY,
  endOf,
  inNeighbourLine,
  inserted,
  lineEnd,
  lineStart,
  movedTo,
  nextCharacter,
  previousCharacter,
  replaced,
  wordEnd,
  wordStart,
} from './document.ts';
import type { Key } from './keys.ts';

export type Effect = 'submit' | 'discard' | 'leave' | 'suspend' | 'clear' | null;

/** What the editor asks about the language and the session. */
export interface EditorHost {
  readonly history: History;
  complete(text: string, cursor: number): Completion;
}

interface Search {
  query: string;
  /** The entry that was found, -1 for none. */
  index: number;
  /** What was there before. */
  readonly original: Document;
}

/** What a key did, where the next one depends on it. */
type LastAction = 'kill' | 'yank' | 'vertical' | 'type' | null;

const MAX_UNDO = 500;
/** Control characters that a paste may hold, and a text should not. */
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f]/g;

export class Editor {
  document: Document = EMPTY;
  /** Candidates to choose from, below the text; until the next key. */
  candidates: readonly string[] = [];
  search: Search | null = null;
  private undo: Document[] = [];
  /** What was deleted last, to be put back. */
  private killed: string[] = [];
  /** The last key, where the next one depends on it. */
  private lastAction: LastAction = null;
  private yankIndex = 0;
  private goalColumn = 0;
  /** The entry that is shown; the length of the history for the text that was begun. */
  private historyIndex: number;
  private begun: Document = EMPTY;
  private code: CodeText | null = null;

  constructor(private readonly host: EditorHost) {
    this.historyIndex = host.history.length;
  }

  /** The text as code. */
  get codeText(): CodeText {
    if (this.code?.text !== this.document.text) this.code = new CodeText(this.document.text);
    return this.code as CodeText;
  }

  handle(key: Key): Effect {
    this.candidates = [];
    if (this.search !== null) {
      const isDone = this.handleSearch(key, this.search);
      if (isDone) return null;
    }
    const action = this.lastAction;
    this.lastAction = null;
    if ('paste' in key) this.edit(inserted(this.document, key.paste.replace(UNPRINTABLE, '')));
    else if ('text' in key) this.type(key.text, action);
    else if (Object.hasOwn(EFFECTS, key.name)) return EFFECTS[key.name](this);
    else if (Object.hasOwn(KEYS, key.name)) KEYS[key.name](this, action);
    return null;
  }

  // ---- text

  private type(text: string, action: LastAction): void {
    // A word that is typed is undone as a whole.
    if (action === 'type' && text !== ' ') this.document = inserted(this.document, text);
    else this.edit(inserted(this.document, text));
    this.lastAction = 'type';
  }

  edit(document: Document): void {
    if (document.text !== this.document.text) this.undo = [...this.undo, this.document].slice(-MAX_UNDO);
    this.document = document;
  }

  move(cursor: number): void {
    this.document = movedTo(this.document, cursor);
  }

  undoLast(): void {
    this.document = this.undo.pop() ?? this.document;
  }

  /** Begin a new line, indented. */
  breakLine(): void {
    const { cursor, text } = this.document;
    const columns = this.codeText.indentation(cursor);
    // Blanks around the break would become part of neither line.
    const start = columns === null ? cursor : cursor - (/[ \t]*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
    const behind = columns === null ? 0 : (/^[ \t]*/.exec(text.slice(cursor))?.[0].length ?? 0);
    this.edit(replaced(this.document, start, cursor + behind, `\n${' '.repeat(columns ?? 0)}`));
  }

  /** Give the line the indentation that a new one would have. */
  indentLine(): void {
    const { text, cursor } = this.document;
    const start = lineStart(this.document);
    const columns = start === 0 ? 0 : this.codeText.indentation(start - 1);
    if (columns === null) return;
    const blanks = /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
    const document = replaced(this.document, start, start + blanks, ' '.repeat(columns));
    this.edit(movedTo(document, Math.max(start + columns, cursor + columns - blanks)));
  }

  enter(): Effect {
    const { text } = this.document;
    if (isOneLineCommand(text) || readStatus(text) !== 'incomplete') return 'submit';
    this.breakLine();
    return null;
  }

  // ---- deleting and putting back

  /** Delete to an offset, without keeping it. */
  deleteTo(offset: number): void {
    const { cursor } = this.document;
    this.edit(replaced(this.document, Math.min(cursor, offset), Math.max(cursor, offset), ''));
  }

  /** Delete to an offset; what is deleted in a row is put back together. */
  kill(offset: number, action: LastAction): void {
    const { text, cursor } = this.document;
    const killed = text.slice(Math.min(cursor, offset), Math.max(cursor, offset));
    this.lastAction = 'kill';
    if (killed === '') return;
    const last = action === 'kill' ? (this.killed.pop() ?? '') : '';
    this.killed.push(offset < cursor ? killed + last : last + killed);
    this.deleteTo(offset);
  }

  yank(): void {
    this.lastAction = 'yank';
    this.yankIndex = this.killed.length - 1;
    this.edit(inserted(this.document, this.killed[this.yankIndex] ?? ''));
  }

  /** Put back what was deleted earlier instead. */
  yankEarlier(action: LastAction): void {
    if (action !== 'yank' || this.killed.length === 0) return;
    const { cursor } = this.document;
    const current = this.killed[this.yankIndex];
    this.yankIndex = (this.yankIndex + this.killed.length - 1) % this.killed.length;
    this.edit(replaced(this.document, cursor - current.length, cursor, this.killed[this.yankIndex]));
    this.lastAction = 'yank';
  }

  /** Exchange the two characters around the cursor, at the end of a line those in front of it. */
  transpose(): void {
    const at =
      this.document.cursor === lineEnd(this.document) ? previousCharacter(this.document) : this.document.cursor;
    const between = movedTo(this.document, at);
    const [start, end] = [previousCharacter(between), nextCharacter(between)];
    const { text } = this.document;
    if (at === lineStart(between) || end > text.length || start === at) return;
    this.edit(replaced(this.document, start, end, text.slice(at, end) + text.slice(start, at)));
  }

  // ---- lines and history

  vertical(direction: -1 | 1, action: LastAction): void {
    if (action !== 'vertical') this.goalColumn = columnOf(this.document);
    const cursor = inNeighbourLine(this.document, direction, this.goalColumn);
    if (cursor === null) return this.browse(this.historyIndex + direction);
    this.move(cursor);
    this.lastAction = 'vertical';
  }

  /** Show an entry of the history; behind the last one is the text that was begun. */
  browse(index: number): void {
    const { history } = this.host;
    if (index < 0 || index > history.length) return;
    if (this.historyIndex === history.length) this.begun = this.document;
    const isBack = index < this.historyIndex;
    this.historyIndex = index;
    const document = index === history.length ? this.begun : endOf(history.entry(index));
    // Going up one arrives at the end of the first line: the next step leads to the entry before.
    this.edit(isBack ? movedTo(document, lineEnd(movedTo(document, 0))) : document);
  }

  browseOldest(): void {
    this.browse(0);
  }

  browseNewest(): void {
    this.browse(this.host.history.length);
  }

  // ---- search

  startSearch(): void {
    this.search = { query: '', index: this.host.history.length, original: this.document };
  }

  /** Handle a key of the search; false if it ends the search and means what it means elsewhere. */
  private handleSearch(key: Key, search: Search): boolean {
    if ('text' in key) return this.find(search, search.query + key.text, search.index);
    if ('paste' in key) return this.find(search, search.query + key.paste, search.index);
    switch (key.name) {
      case 'C-r':
        return this.find(search, search.query, search.index - 1);
      case 'C-s':
        return this.find(search, search.query, search.index + 1, 1);
      case 'backspace':
      case 'C-h':
        return this.find(search, search.query.slice(0, -1), this.host.history.length);
      case 'C-g':
      case 'escape':
      case 'C-c':
        this.document = search.original;
        this.search = null;
        return true;
      default:
        this.search = null;
        return false;
    }
  }

  private find(search: Search, query: string, from: number, step: -1 | 1 = -1): true {
    const { history } = this.host;
    search.query = query;
    for (let index = from; index >= 0 && index <= history.length; index += step) {
      if (index === history.length) continue;
      const at = history.entry(index).lastIndexOf(query);
      if (at < 0) continue;
      search.index = index;
      this.historyIndex = index;
      this.document = { text: history.entry(index), cursor: at };
      return true;
    }
    return true;
  }

  // ---- completion

  complete(): void {
    const { text, cursor } = this.document;
    if (/(?:^|\n)[ \t]*$/.test(text.slice(0, cursor)) && text.includes('\n')) return this.indentLine();
    const { start, end, candidates } = this.host.complete(text, cursor);
    if (candidates.length === 0) return;
    const common = commonPrefix(candidates);
    if (common.length > end - start || candidates.length === 1) {
      this.edit(replaced(this.document, start, end, common));
    } else this.candidates = candidates;
  }

  /** Move over the list or the name in front of the cursor, or behind it. */
  moveOverDatum(direction: -1 | 1): void {
    const { cursor } = this.document;
    const { tokens } = this.codeText;
    if (direction > 0) {
      const i = tokens.findIndex(({ end }) => end > cursor);
      if (i >= 0) this.move((this.codeText.partnerOf(tokens[i].end - 1) ?? tokens[i].end - 1) + 1);
    } else {
      const i = tokens.findLastIndex(({ start }) => start < cursor);
      if (i >= 0) this.move(this.codeText.partnerOf(tokens[i].end - 1) ?? tokens[i].start);
    }
  }
}

type Action = (editor: Editor, before: LastAction) => void;

const moves = (to: (document: Document) => number): Action => {
  return (editor) => editor.move(to(editor.document));
};
const kills = (to: (document: Document) => number): Action => {
  return (editor, action) => editor.kill(to(editor.document), action);
};
const deletes = (to: (document: Document) => number): Action => {
  return (editor) => editor.deleteTo(to(editor.document));
};

/** Of Ctrl-K: the rest of the line, or the line end if there is none. */
const restOfLine = (document: Document): number =>
  lineEnd(document) === document.cursor ? nextCharacter(document) : lineEnd(document);

const up: Action = (editor, action) => editor.vertical(-1, action);
const down: Action = (editor, action) => editor.vertical(1, action);
const breakLine: Action = (editor) => editor.breakLine();

const KEYS: Readonly<Record<string, Action>> = {
  'M-enter': breakLine,
  'C-j': breakLine,
  tab: (editor) => editor.complete(),
  left: moves(previousCharacter),
  'C-b': moves(previousCharacter),
  right: moves(nextCharacter),
  'C-f': moves(nextCharacter),
  'M-b': moves(wordStart),
  'C-left': moves(wordStart),
  'M-left': moves(wordStart),
  'M-f': moves(wordEnd),
  'C-right': moves(wordEnd),
  'M-right': moves(wordEnd),
  'C-a': moves(lineStart),
  home: moves(lineStart),
  'C-e': moves(lineEnd),
  end: moves(lineEnd),
  'C-home': moves(() => 0),
  'C-end': moves(({ text }) => text.length),
  'M-C-b': (editor) => editor.moveOverDatum(-1),
  'M-C-f': (editor) => editor.moveOverDatum(1),
  up,
  'C-p': up,
  down,
  'C-n': down,
  'M-<': (editor) => editor.browseOldest(),
  'M->': (editor) => editor.browseNewest(),
  'C-r': (editor) => editor.startSearch(),
  backspace: deletes(previousCharacter),
  'C-h': deletes(previousCharacter),
  delete: deletes(nextCharacter),
  'C-k': kills(restOfLine),
  'C-u': kills(lineStart),
  'C-w': kills(blankStart),
  'M-d': kills(wordEnd),
  'M-backspace': kills(wordStart),
  'C-y': (editor) => editor.yank(),
  'M-y': (editor, action) => editor.yankEarlier(action),
  'C-t': (editor) => editor.transpose(),
  'C-_': (editor) => editor.undoLast(),
};

/** Keys that somebody else may have to act on. */
const EFFECTS: Readonly<Record<string, (editor: Editor) => Effect>> = {
  enter: (editor) => editor.enter(),
  'C-d': (editor) => {
    if (editor.document.text === '') return 'leave';
    editor.deleteTo(nextCharacter(editor.document));
    return null;
  },
  'C-l': () => 'clear',
  'C-c': () => 'discard',
  'C-z': () => 'suspend',
};
