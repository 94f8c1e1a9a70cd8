// TOML texts: read by smol-toml, with what is wrong in the documented words; and by their lines, for edits and for places.
//
// Source: tools §8.6.

import { parse, TomlError } from 'smol-toml';
import { ProjectError } from './errors.ts';

export type Table = Readonly<Record<string, unknown>>;

/** A TOML document. Throws ProjectError with line and column. */
export function parseToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const { line, column, message } = thrown;
    const [summary] = message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new ProjectError(
      `${path}:${line}:${column}: ${documentedWords(text.split('\n'), line - 1, summary) ?? summary}`,
    );
  }
}

/** The section that a line opens, null if it opens none. */
export const headerOf = (line: string): string | null => /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/.exec(line)?.[1] ?? null;

/** The key that a line assigns to, null if it is no assignment. */
export const keyOf = (line: string): string | null => /^\s*"?([A-Za-z0-9_-]+)"?\s*=/.exec(line)?.[1] ?? null;

/** The line on which a key of a section is assigned to, counted from 1; undefined if it is somewhere else. */
export function lineOf(text: string, section: string, key: string): number | undefined {
  let current: string | null = null;
  const index = text.split('\n').findIndex((line) => {
    current = headerOf(line) ?? current;
    return current === section && keyOf(line) === key;
  });
  return index < 0 ? undefined : index + 1;
}

/** What is wrong with a line, in the words of the specification; null where it has none for that. */
function documentedWords(lines: readonly string[], index: number, summary: string): string | null {
  const line = (lines[index] ?? '').trim();
  const section = lines.slice(0, index + 1).reduce<string | null>((found, each) => headerOf(each) ?? found, null);
  const key = keyOf(line);
  if (line.startsWith('[')) return line.includes(']') ? null : 'unterminated section header';
  if (line.startsWith('=')) return 'empty key in assignment';
  if (!line.includes('=')) return 'expected key/value assignment';
  if (/\\$/.test(line)) return 'unterminated escape in string';
  if (summary.includes('escape')) return 'unsupported escape sequence in string';
  if (section?.endsWith('dependencies')) return wrongDependency(line, key, summary);
  return summary === 'invalid value' ? 'expected quoted string' : null;
}

function wrongDependency(line: string, key: string | null, summary: string): string | null {
  const keys =
    /\{(.*?)\}?$/
      .exec(line)?.[1]
      .split(',')
      .map((entry) => ({ key: keyOf(entry), text: entry.trim() })) ?? [];
  const repeated = keys.find(
    (each, i) => each.key !== null && keys.slice(0, i).some((other) => other.key === each.key),
  );
  if (repeated !== undefined) return `duplicate ${repeated.key} key in dependency spec`;
  if (summary.includes('redefine')) return `duplicate dependency entry: ${key}`;
  if (keys.some((each) => each.text !== '' && !each.text.includes('='))) return 'invalid dependency inline table entry';
  return summary === 'invalid value' ? 'expected quoted string' : null;
}
