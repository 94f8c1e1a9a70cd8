// What keys do to a document. `|` is the cursor.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Editor, type Effect } from '../../../src/repl/editor/editor.ts';
import type { Key } from '../../../src/repl/editor/keys.ts';
import { History } from '../../../src/repl/history.ts';

function editor(entries: readonly string[] = [], names: readonly string[] = []): Editor {
  const history = new History(null, () => {});
  for (const entry of entries) history.add(entry);
  return new Editor({
    history,
    complete: (text, cursor) => {
      const start = cursor - (/[a-z-]*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
      return { start, end: cursor, candidates: names.filter((name) => name.startsWith(text.slice(start, cursor))) };
    },
  });
}

/** Keys by name, between spaces; `'text` types the text, `_` in it is a space. */
function press(at: Editor, keys: string): Effect {
  let effect: Effect = null;
  for (const word of keys.split(' ').filter((each) => each !== '')) {
    if (word.startsWith("'")) for (const char of word.slice(1)) at.handle({ text: char === '_' ? ' ' : char });
    else effect = at.handle({ name: word });
  }
  return effect;
}

const shown = ({ document: { text, cursor } }: Editor) => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('editing', () => {
  // [keys, document]
  test.each([
    ["'abc left left 'x", 'ax|bc'],
    ["'abc C-a 'x C-e 'y", 'xabcy|'],
    ["'(foo_bar) C-a M-f M-f", '(foo bar|)'],
    ["'(foo_bar) M-b M-b 'x", '(x|foo bar)'],
    ["'foo-bar M-backspace", 'foo-|'],
    ["'(foo_bar-baz C-w", '(foo |'],
    ["'((a) C-w", '((a|'],
    ["'abc C-a C-k C-y C-y", 'abcabc|'],
    ["'ab_cd C-u C-y", 'ab cd|'],
    ["'ab_cd C-w C-w C-y", 'ab cd|'],
    ["'one C-u 'two C-u C-y M-y", 'one|'],
    ["'abc C-a C-d", '|bc'],
    ["'abc C-a delete delete", '|c'],
    ["'ab C-t", 'ba|'],
    ["'abc left C-t", 'acb|'],
    ["'abc C-t C-_", 'abc|'],
    ["'日本 left backspace", '|本'],
    ["'(f_(g_1)) M-C-b", '|(f (g 1))'],
    ["'(f_(g_1)) C-a M-C-f", '(f (g 1))|'],
    ["'(f_(g_1)_x left M-C-b", '(f |(g 1) x'],
    ["'(define_(f) enter 'x", '(define (f)\n  x|'],
    ["'(f_1 M-enter '2", '(f 1\n   2|'],
    ["'\"a enter 'b", '"a\nb|'],
    ["'(f_1 enter up 'x", '(f x|1\n   '],
    ["'(f enter '1 up C-e down", '(f\n  |1'],
    ["'(f enter C-a tab", '(f\n  |'],
  ])('%s', (keys, document) => {
    const at = editor();
    press(at, keys);
    expect(shown(at)).toBe(document);
  });

  test('a paste loses its control characters, and nothing else', () => {
    const at = editor();
    at.handle({ paste: '(a\x1b[31m\n\tb\x00)' });
    expect(at.document.text).toBe('(a[31m\n\tb)');
  });

  test.each([
    ["'(f_1) enter", 'submit'],
    ["'(f_1 enter", null],
    ["'(f_1)) enter", 'submit'],
    ["':load_it's enter", 'submit'],
    ["':time_(f enter", null],
    ['enter', 'submit'],
    ['C-d', 'leave'],
    ["'a C-d", null],
    ["'a C-c", 'discard'],
    ['C-l', 'clear'],
    ['C-z', 'suspend'],
  ] as const)('%s: %s', (keys, effect) => {
    expect(press(editor(), keys)).toBe(effect);
  });

  test('whatever keys come, the cursor stays within the text, on the border of a character', () => {
    const names = ['left', 'right', 'up', 'down', 'C-k', 'C-w', 'C-y', 'M-y', 'C-t', 'C-_', 'M-d', 'M-f', 'M-b', 'tab'];
    const more = ['backspace', 'C-d', 'enter', 'C-r', 'C-g', 'C-a', 'C-e', 'M-C-b', 'M-C-f', 'C-u', 'M-<', 'M->'];
    const key: fc.Arbitrary<Key> = fc.oneof(
      fc.constantFrom(...names, ...more).map((name) => ({ name })),
      fc.constantFrom('(', ')', '"', 'a', ' ', '日', '😀', ';', "'", '[', 'e\u0301').map((text) => ({ text })),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
        const at = editor(['(one)', '(two\n  😀)']);
        for (const each of keys) {
          at.handle(each);
          const { text, cursor } = at.document;
          expect(cursor >= 0 && cursor <= text.length).toBe(true);
          expect(/[\ud800-\udbff]$/.test(text.slice(0, cursor))).toBe(false);
        }
      }),
    );
  });
});

describe('the history', () => {
  const ENTRIES = ['(one)', '(two\n  lines)', '(three)'];
  test.each([
    ['up', '(three)|'],
    ['up up', '(two|\n  lines)'],
    ['up up up', '(one)|'],
    ['up up up up', '(one)|'],
    ["'begun up down", 'begun|'],
    ['M-<', '(one)|'],
    ['M-< M->', '|'],
    ['up up down', '(two\n  li|nes)'],
    ["C-r 'e", '(thre|e)'],
    ["C-r 'ne", '(two\n  li|nes)'],
    ["C-r 'ne C-r", '(o|ne)'],
    ["C-r 'ne C-r C-s", '(two\n  li|nes)'],
    ["'x C-r 'ne C-g", 'x|'],
    ["C-r 'one C-e '!", '(one)!|'],
    ["C-r 'onx backspace 'e", '(|one)'],
  ])('%s', (keys, document) => {
    const at = editor(ENTRIES);
    press(at, keys);
    expect(shown(at)).toBe(document);
  });
});

test('Tab completes what is common, then shows what is possible', () => {
  const at = editor([], ['string-append', 'string-length']);
  press(at, "'(st tab");
  expect(shown(at)).toBe('(string-|');
  expect(at.candidates).toEqual([]);
  press(at, 'tab');
  expect(at.candidates).toEqual(['string-append', 'string-length']);
  press(at, "'a tab");
  expect([shown(at), at.candidates]).toEqual(['(string-append|', []]);
});
