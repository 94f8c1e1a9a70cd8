// Keys: what a terminal sends, as names.
//
//   a  é            { text }      what is inserted as it is
//   C-a M-b C-left  { name }      C- for Ctrl, M- for Alt, S- for Shift, in this order
//   {paste}         { paste }     between the brackets that bracketed paste puts around it
//
// A sequence may arrive in pieces; whoever reads the terminal waits a moment, then calls `flush`: a lone ESC is the
// escape key. Source: ECMA-48; "XTerm Control Sequences".

import { StringDecoder } from 'node:string_decoder';

export type Key = { readonly text: string } | { readonly name: string } | { readonly paste: string };

const ESC = '\x1b';
const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

const CONTROL_NAMES: Readonly<Record<string, string>> = { '\r': 'enter', '\t': 'tab', '\x7f': 'backspace' };

/** By the last character of `ESC [ … X` and `ESC O X`. */
const FINAL_NAMES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  Z: 'S-tab',
};

/** By the number in `ESC [ N ~`. */
const NUMBER_NAMES: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

const CONTROL_SEQUENCE = /^\x1b\[([0-9;:<=>?]*)[ -/]*([@-~])/;

export class KeyDecoder {
  private readonly decoder = new StringDecoder('utf8');
  private pending = '';

  /** Take what the terminal has sent; gives the keys that are complete. */
  push(bytes: Uint8Array): Key[] {
    this.pending += this.decoder.write(Buffer.from(bytes));
    const keys: Key[] = [];
    while (this.pending !== '') {
      const key = this.next();
      if (key === 'partial') break;
      if (key !== null) keys.push(key);
    }
    return keys;
  }

  /** Whether the rest of a sequence may be on its way. A paste has no limit. */
  get isWaiting(): boolean {
    return this.pending !== '' && !this.pending.startsWith(PASTE_START);
  }

  /** Nothing more came: what is there are keys by themselves. */
  flush(): Key[] {
    const rest = this.pending;
    this.pending = '';
    if (rest === ESC) return [{ name: 'escape' }];
    return rest.length === 2 && rest.startsWith(ESC) ? [{ name: `M-${rest[1]}` }] : [];
  }

  /** The next key; null for a sequence that means nothing to us. */
  private next(): Key | null | 'partial' {
    const text = this.pending;
    if (text.startsWith(PASTE_START)) return this.paste();
    if (text[0] !== ESC) return this.plain();
    if (text.length === 1) return 'partial';
    if (text[1] === '[') return this.controlSequence();
    if (text[1] === 'O') {
      if (text.length === 2) return 'partial';
      return named(FINAL_NAMES[this.take(3)[2]]);
    }
    this.take(1);
    if (text[1] === ESC) return { name: 'escape' };
    const key = this.plain();
    return named(`M-${'name' in key ? key.name : 'text' in key ? key.text : ''}`);
  }

  private controlSequence(): Key | null | 'partial' {
    const match = CONTROL_SEQUENCE.exec(this.pending);
    if (match === null) {
      // Longer than any sequence, or broken by a control character: drop the introducer.
      if (this.pending.length <= 32 && !/[\x00-\x1f]/.test(this.pending.slice(2))) return 'partial';
      this.take(2);
      return null;
    }
    this.take(match[0].length);
    const [first, modifier] = match[1].split(';');
    const name = match[2] === '~' ? NUMBER_NAMES[first] : FINAL_NAMES[match[2]];
    return named(name === undefined ? undefined : modifierText(Number(modifier ?? 1)) + name);
  }

  private paste(): Key | 'partial' {
    const end = this.pending.indexOf(PASTE_END);
    if (end < 0) return 'partial';
    const text = this.take(end).slice(PASTE_START.length);
    this.take(PASTE_END.length);
    return { paste: text.replace(/\r\n?/g, '\n') };
  }

  private plain(): Key {
    const char = String.fromCodePoint(this.pending.codePointAt(0) as number);
    this.take(char.length);
    const control = CONTROL_NAMES[char];
    if (control !== undefined) return { name: control };
    if (char < ' ') return { name: `C-${String.fromCharCode(char.charCodeAt(0) + 0x40).toLowerCase()}` };
    return { text: char };
  }

  private take(length: number): string {
    const taken = this.pending.slice(0, length);
    this.pending = this.pending.slice(length);
    return taken;
  }
}

const named = (name: string | undefined): Key | null => (name === undefined ? null : { name });

/** xterm's modifier number: 1 plus 1 for Shift, 2 for Alt, 4 for Ctrl. */
function modifierText(number: number): string {
  const bits = number - 1;
  return `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${bits & 1 ? 'S-' : ''}`;
}
