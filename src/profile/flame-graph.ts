// The profile as a flame graph: a page of HTML that needs nothing else.
//
// Each frame is as wide as the time in it and below it, and lies under its caller. A click makes a frame as wide as the
// page; the field at the top marks the frames whose name contains what is typed; the page's address keeps it (`#fib`).

import { type CallNode, totalMs } from './call-tree.ts';
import { page, scriptData } from './page.ts';

/** Frames narrower than this part of the page are left out. */
const NARROWEST = 1 / 2000;

interface Frame {
  readonly name: string;
  readonly place: string;
  readonly selfMs: number;
  readonly totalMs: number;
  /** From 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly depth: number;
}

/** @param title  what was profiled */
export function flameGraphPage(root: CallNode, title: string): string {
  const frames = framesOf(root);
  const depth = Math.max(...frames.map((frame) => frame.depth)) + 1;
  return page({
    title,
    note: `${totalMs(root).toFixed(0)} ms`,
    style: `#graph { position: relative; height: ${depth * 20}px; margin-top: 1rem; }\n${STYLE}`,
    controls: '<label>find <input id="find" type="search"></label>',
    body: '<p id="told"></p>\n<main id="graph"></main>',
    script: `const frames = ${scriptData(frames)};\n${SCRIPT}`,
  });
}

function framesOf(root: CallNode): Frame[] {
  const frames: Frame[] = [];
  const all = Math.max(totalMs(root), 1e-9);
  const pending = [{ node: root, left: 0, depth: 0, total: totalMs(root) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, left, depth, total } = next;
    const { name, place, selfMs } = node;
    frames.push({ name, place, selfMs, totalMs: total, left: left / all, width: total / all, depth });
    let at = left;
    const children = [...node.children.values()].map((child) => ({ node: child, total: totalMs(child) }));
    for (const child of children.sort((a, b) => b.total - a.total)) {
      if (child.total / all >= NARROWEST) pending.push({ ...child, left: at, depth: depth + 1 });
      at += child.total;
    }
  }
  return frames;
}

const STYLE = `#graph button { position: absolute; height: 19px; padding: 0 3px; border: 0; border-radius: 2px; overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis; text-align: left; font: 12px/19px ui-monospace, monospace; color: #222; }
#graph button.found { outline: 2px solid #06c; outline-offset: -2px; }
#told { min-height: 1.4em; font-family: ui-monospace, monospace; }`;

const SCRIPT = `
const graph = document.getElementById('graph'), told = document.getElementById('told');
const hue = (name) => [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 60, 7);
const describe = (f) => f.name + '  ' + f.place + '  total ' + f.totalMs.toFixed(1) + ' ms, self ' + f.selfMs.toFixed(1) + ' ms';
const buttons = frames.map((f) => {
  const button = document.createElement('button');
  button.textContent = f.name;
  button.title = describe(f);
  button.style.background = 'hsl(' + hue(f.name) + ' 80% 70%)';
  button.style.top = f.depth * 20 + 'px';
  button.onmouseenter = button.onfocus = () => { told.textContent = describe(f); };
  button.onclick = () => zoom(f);
  graph.append(button);
  return button;
});
function zoom(to) {
  frames.forEach((f, i) => {
    const left = Math.max(0, (f.left - to.left) / to.width), right = Math.min(1, (f.left + f.width - to.left) / to.width);
    buttons[i].hidden = right <= left;
    buttons[i].style.left = left * 100 + '%';
    buttons[i].style.width = 'calc(' + (right - left) * 100 + '% - 1px)';
  });
}
const found = () => decodeURIComponent(location.hash.slice(1));
const field = document.getElementById('find');
field.oninput = () => {
  if (field.value !== found()) location.hash = encodeURIComponent(field.value);
  frames.forEach((f, i) => buttons[i].classList.toggle('found', field.value !== '' && f.name.includes(field.value)));
};
zoom(frames[0]);
field.value = found();
field.oninput();`;
