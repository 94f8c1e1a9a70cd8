// Recordings in the documentation: terminal sessions that a test has made.
//
//   <!-- recording: NAME -->
//   ```text
//   what the screen showed
//   ```
//
// A test that makes a session compares it with the page. UPDATE_RECORDINGS=1 writes it there instead.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

const DOCS = path.resolve(import.meta.dirname, '..', '..', 'docs');

export function expectRecording(page: string, name: string, session: string): void {
  const file = path.join(DOCS, page);
  const text = readFileSync(file, 'utf8');
  const start = `<!-- recording: ${name} -->\n\`\`\`text\n`;
  const from = text.indexOf(start) + start.length;
  if (from < start.length) throw new Error(`docs/${page} has no recording ${name}`);
  const to = text.indexOf('\n```\n', from);
  if (process.env['UPDATE_RECORDINGS']) writeFileSync(file, text.slice(0, from) + session + text.slice(to));
  else expect(text.slice(from, to)).toBe(session);
}
