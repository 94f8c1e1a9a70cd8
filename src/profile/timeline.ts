// The timeline of actors: what etai trace makes of their events (builtins/nng/actor-trace.ts), as a page of HTML.
//
// Each actor is a row, as long as it lived, below the one that started it; marks stand where it started others, monitored
// them or heard of their end. Below are the sockets, with what went through them.

import { amount, lineOf, type TracedEvent } from '../builtins/nng/actor-trace.ts';
import { escapeHtml, page } from './page.ts';

interface Actor {
  readonly id: string;
  name: string;
  startMs: number;
  endMs: number;
  how: string;
  depth: number;
  readonly events: TracedEvent[];
  readonly children: Actor[];
}

/** What a parent knows of a child. */
interface Birth {
  readonly parent: Actor;
  readonly what: string;
  end: { readonly atMs: number; readonly how: string } | null;
}

/** The events in a trace; lines that are half written are left out. */
export function parseTrace(text: string): TracedEvent[] {
  return text.split('\n').flatMap((line) => {
    try {
      const event = JSON.parse(line) as TracedEvent;
      return typeof event.actor === 'string' && typeof event.at === 'number' ? [event] : [];
    } catch {
      return [];
    }
  });
}

/** @param title  the program that was traced */
export function timelinePage(events: readonly TracedEvent[], title: string): string {
  const rows = actorRows(events, title);
  const first = firstMs(events);
  const span = Math.max(lastMs(events), first + 1) - first;
  const percent = (at: number) => `${((100 * (at - first)) / span).toFixed(3)}%`;
  const lanes = rows.map(({ id, name, startMs, endMs, how, depth, events: own }) => {
    const bar = `left: ${percent(startMs)}; width: calc(${percent(first + endMs - startMs)} + 2px)`;
    const marks = own.map(
      (event) =>
        `<i class="${event.kind}" style="left: ${percent(event.at)}" title="${escapeHtml(lineOf(event))}"></i>`,
    );
    const label = escapeHtml(`${name} (${id})`);
    const told = escapeHtml(how === '' ? '' : `: ${how}`);
    return `<tr><th style="padding-left: ${depth}em">${label}${told}</th><td><b style="${bar}"></b>${marks.join('')}</td></tr>`;
  });
  const sockets = events.flatMap((event) =>
    event.kind === 'socket'
      ? [
          `<tr>${[
            rows.find(({ id }) => id === event.actor)?.name ?? event.actor,
            event.protocol,
            event.endpoints.join(' '),
            amount(event.sent),
            amount(event.received),
          ]
            .map((cell) => `<td>${escapeHtml(cell)}</td>`)
            .join('')}</tr>`,
        ]
      : [],
  );
  return page({
    title,
    note: `${rows.length} actors, ${span.toFixed(0)} ms`,
    style: STYLE,
    controls: '',
    body: `<table id="actors">\n${lanes.join('\n')}\n</table>
<table id="sockets">
<tr><th>actor</th><th>socket</th><th>endpoints</th><th>sent</th><th>received</th></tr>
${sockets.join('\n')}
</table>`,
    script: '',
  });
}

const STYLE = `table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
th { text-align: left; font-weight: normal; white-space: nowrap; }
#actors th { width: 1%; padding-right: 1em; }
#actors td { position: relative; height: 22px; border-left: 1px solid var(--line); border-right: 1px solid var(--line); }
#actors b { position: absolute; top: 4px; height: 14px; border-radius: 3px; background: hsl(210 70% 65%); }
#actors i { position: absolute; top: 2px; width: 5px; height: 18px; margin-left: -2px; background: hsl(120 50% 40%); }
#actors i.down, #actors i.ended { background: hsl(0 70% 50%); }
#actors i.monitor, #actors i.demonitor { background: hsl(45 90% 45%); }
#sockets td, #sockets th { border-top: 1px solid var(--line); padding: 2px 1em 2px 0; }`;

/** The actors, each behind the one that started it. */
function actorRows(events: readonly TracedEvent[], title: string): Actor[] {
  const actors = new Map<string, Actor>();
  const births = new Map<string, Birth>();
  const endMs = lastMs(events);
  for (const event of events) {
    const actor = actors.get(event.actor) ?? newActor(event, endMs, actors.size === 0 ? title : event.actor);
    actors.set(event.actor, actor);
    if (event.kind === 'spawn') births.set(event.endpoint, { parent: actor, what: event.what, end: null });
    if (event.kind === 'end') actor.endMs = event.at;
    const birth = event.kind === 'ended' ? births.get(event.endpoint) : undefined;
    if (birth !== undefined && event.kind === 'ended') birth.end = { atMs: event.at, how: event.how };
    if (event.kind !== 'start' && event.kind !== 'end' && event.kind !== 'socket') actor.events.push(event);
  }
  const roots = new Set(actors.values());
  for (const event of events) {
    const birth = event.kind === 'start' && event.endpoint !== null ? births.get(event.endpoint) : undefined;
    const actor = actors.get(event.actor)!;
    if (birth === undefined || birth.parent === actor) continue;
    actor.name = birth.what;
    actor.how = birth.end?.how ?? '';
    // One that was killed has not told of its end.
    if (birth.end !== null) actor.endMs = Math.min(actor.endMs, birth.end.atMs);
    birth.parent.children.push(actor);
    roots.delete(actor);
  }
  return inOrder([...roots]);
}

// Folds, since there may be more events than a call can have arguments.
const firstMs = (events: readonly TracedEvent[]): number =>
  events.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
const lastMs = (events: readonly TracedEvent[]): number => events.reduce((last, { at }) => Math.max(last, at), 0);

const newActor = ({ actor, at }: TracedEvent, endMs: number, name: string): Actor => ({
  id: actor,
  name,
  startMs: at,
  endMs,
  how: '',
  depth: 0,
  events: [],
  children: [],
});

function inOrder(roots: readonly Actor[]): Actor[] {
  const rows: Actor[] = [];
  const pending = [...roots].reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    rows.push(next);
    for (const child of next.children) child.depth = next.depth + 1;
    pending.push(...[...next.children].reverse());
  }
  return rows;
}
