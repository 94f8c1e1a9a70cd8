// Pages of HTML that need nothing else: what the flame graph and the timeline of actors look like alike.

export interface PageParts {
  readonly title: string;
  /** Behind the title. */
  readonly note: string;
  readonly style: string;
  /** HTML at the right of the title. */
  readonly controls: string;
  /** HTML below it. */
  readonly body: string;
  readonly script: string;
}

export function page({ title, note, style, controls, body, script }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} – Eta</title>
<style>
:root { color-scheme: light dark; --text: #222; --back: #fff; --line: #ccc; }
@media (prefers-color-scheme: dark) { :root { --text: #eee; --back: #1c1c1c; --line: #444; } }
body { font: 13px/1.4 system-ui, sans-serif; margin: 1rem; color: var(--text); background: var(--back); }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.1rem; margin: 0; }
${style}
</style>
<header>
<h1>${escapeHtml(title)}</h1>
<span>${escapeHtml(note)}</span>
${controls}
</header>
${body}
<script>
${script}
</script>
</html>
`;
}

/** A value as a literal in a script: no text in it may end the script. */
export const scriptData = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char]);
