#!/usr/bin/env node
// Runs programs/*.scm on several Scheme-family systems and compares times.
// No dependencies. See README.md for what is measured and how.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

const usage = `usage: node run.mjs [options]
  --systems LIST    comma list of NAME or NAME=COMMAND (default eta=etai,guile,chez).
                    guile and chez are built in (COMMAND names another executable);
                    every other NAME is an Eta: COMMAND is the command line that
                    takes the source file last, or where {} stands; leading
                    VAR=value words are set in its environment.
                    The first system is the one the ratios are about.
  --runs N          timed runs per program and system (default 5)
  --only A,B        only these programs
  --skip A,B        all but these programs
  --scale N         size of the work in percent (default 100)
  --timeout S       seconds one run may take (default 60)
  --clock wall|cpu  which clock the table shows (default wall; both are in the JSON)
  --json FILE       write all measurements
  --markdown FILE   write the table
  --keep            keep the generated sources and print where they are
  --record          add the agreed values to expected.json
  --list            list the programs`;

function fail(message) {
  console.error(message);
  process.exit(2);
}

function parseArgs(argv) {
  const o = {
    systems: [],
    runs: 5,
    only: null,
    skip: [],
    scale: 100,
    timeout: 60,
    clock: 'wall',
    json: null,
    markdown: null,
    keep: false,
    record: false,
    list: false,
  };
  for (let i = 0; i < argv.length; i++) {
    let key = argv[i],
      value = null;
    const eq = key.startsWith('--') ? key.indexOf('=') : -1;
    if (eq > 0) {
      value = key.slice(eq + 1);
      key = key.slice(0, eq);
    }
    const take = () => {
      if (value !== null) return value;
      if (i + 1 >= argv.length) fail(`${key} needs a value`);
      return argv[++i];
    };
    const number = (min) => {
      const n = Number(take());
      if (!Number.isFinite(n) || n < min) fail(`${key}: a number of at least ${min} is needed`);
      return n;
    };
    switch (key) {
      case '--systems':
        o.systems.push(
          ...take()
            .split(',')
            .map((s) => s.trim())
            .filter(Boolean),
        );
        break;
      case '--runs':
        o.runs = Math.floor(number(1));
        break;
      case '--only':
        o.only = take()
          .split(',')
          .map((s) => s.trim())
          .filter(Boolean);
        break;
      case '--skip':
        o.skip = take()
          .split(',')
          .map((s) => s.trim())
          .filter(Boolean);
        break;
      case '--scale':
        o.scale = Math.floor(number(1));
        break;
      case '--timeout':
        o.timeout = number(0.1);
        break;
      case '--clock':
        o.clock = take();
        if (!['wall', 'cpu'].includes(o.clock)) fail('--clock: wall or cpu');
        break;
      case '--json':
        o.json = take();
        break;
      case '--markdown':
        o.markdown = take();
        break;
      case '--keep':
        o.keep = true;
        break;
      case '--record':
        o.record = true;
        break;
      case '--list':
        o.list = true;
        break;
      case '-h':
      case '--help':
        console.log(usage);
        process.exit(0);
        break;
      default:
        fail(`unknown option ${argv[i]}\n${usage}`);
    }
  }
  if (o.systems.length === 0) o.systems = ['eta=etai', 'guile', 'chez'];
  return o;
}

// Words of a command line, with '...' and "..." quoting.
function splitWords(line) {
  const words = [];
  for (const m of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    words.push(m[0].replace(/"([^"]*)"|'([^']*)'/g, (_, a, b) => a ?? b));
  }
  return words;
}

function findExecutable(names) {
  for (const name of names) {
    if (name.includes('/')) {
      if (fs.existsSync(name)) return name;
      continue;
    }
    for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
      if (dir === '') continue;
      const full = path.join(dir, name);
      try {
        fs.accessSync(full, fs.constants.X_OK);
        return full;
      } catch {
        /* look on */
      }
    }
  }
  return null;
}

const bash = findExecutable(['bash']);

// One process; wall time from start to exit, CPU time of it and its children.
function run(argv, env, timeoutMs) {
  return new Promise((resolve) => {
    const script = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>&4 ; } 4>&2 2>&3';
    const full = bash ? [bash, '--noprofile', '--norc', '-c', script, 'bench', ...argv] : argv;
    const start = process.hrtime.bigint();
    const child = spawn(full[0], full.slice(1), {
      env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let out = '',
      err = '',
      times = '',
      timedOut = false,
      wall = null,
      done = false;
    const timer = setTimeout(() => {
      timedOut = true;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        /* already gone */
      }
    }, timeoutMs);
    child.stdout.on('data', (d) => {
      out += d;
    });
    child.stderr.on('data', (d) => {
      if (err.length < 20000) err += d;
    });
    child.stdio[3].on('data', (d) => {
      times += d;
    });
    const finish = (result) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', (e) => finish({ ok: false, why: e.message, out, err }));
    child.on('exit', () => {
      wall = Number(process.hrtime.bigint() - start) / 1e6;
    });
    child.on('close', (code, signal) => {
      const m = /([\d.]+) ([\d.]+)\s*$/.exec(times);
      const cpu = m ? (Number(m[1]) + Number(m[2])) * 1000 : null;
      if (timedOut) finish({ ok: false, timeout: true, why: 'timeout', out, err, wall });
      else if (code !== 0)
        finish({ ok: false, why: signal ? `signal ${signal}` : `exit status ${code}`, out, err, wall });
      else finish({ ok: true, out, err, wall, cpu });
    });
  });
}

const prelude = (name) => fs.readFileSync(path.join(here, 'preludes', `${name}.scm`), 'utf8');

// Each kind: source text around a body, optional compile step, run command.
const kinds = {
  eta: {
    extension: 'eta',
    wrap: (body, scale) =>
      `(module bench\n(import std.core std.io std.math std.collections std.hashmap)\n(begin\n` +
      `(define bench-scale ${scale})\n${prelude('eta')}\n${body}\n(println (run-benchmark))\n))\n`,
    command: (sys, file) =>
      sys.words.some((w) => w.includes('{}')) ? sys.words.map((w) => w.replaceAll('{}', file)) : [...sys.words, file],
  },
  guile: {
    extension: 'scm',
    // A named module is declarative, so the compiler may treat the
    // definitions as fixed, as it may in Eta's module and Chez's program.
    wrap: (body, scale) =>
      `(define-module (bench) #:use-module (ice-9 textual-ports))\n(define bench-scale ${scale})\n` +
      `${prelude('guile')}\n${body}\n(display (run-benchmark))\n(newline)\n`,
    compile: (sys, file) => [
      ...sys.words,
      '--no-auto-compile',
      '-c',
      `(use-modules (system base compile)) (compile-file ${JSON.stringify(file)} ` +
        `#:output-file ${JSON.stringify(file + '.go')} #:optimization-level 2)`,
    ],
    command: (sys, file) => [
      ...sys.words,
      '--no-auto-compile',
      '-c',
      `(load-compiled ${JSON.stringify(file + '.go')})`,
    ],
    executables: ['guile', 'guile3', 'guile-3.0'],
    version: ['--version'],
  },
  chez: {
    extension: 'ss',
    wrap: (body, scale) =>
      `(import (chezscheme))\n(define bench-scale ${scale})\n${prelude('chez')}\n${body}\n` +
      `(display (run-benchmark))\n(newline)\n`,
    // Ahead of time, at optimize-level 2: full optimisation with all checks.
    compileScript: (file) =>
      `(optimize-level 2)\n(compile-program ${JSON.stringify(file)} ${JSON.stringify(file + '.so')})\n`,
    compile: (sys, file) => [...sys.words, '-q', '--script', file + '.build'],
    command: (sys, file) => [...sys.words, '-q', '--program', file + '.so'],
    executables: ['chezscheme', 'chez', 'scheme'],
    version: ['--version'],
  },
};

function resolveSystem(spec) {
  const eq = spec.indexOf('=');
  const name = eq < 0 ? spec : spec.slice(0, eq);
  const text = eq < 0 ? null : spec.slice(eq + 1);
  const kind = name === 'guile' || name === 'chez' ? name : 'eta';
  const env = {};
  let words = text ? splitWords(text) : [];
  while (words.length && /^[A-Za-z_]\w*=/.test(words[0])) {
    const w = words.shift();
    env[w.slice(0, w.indexOf('='))] = w.slice(w.indexOf('=') + 1);
  }
  if (words.length === 0) {
    const found = findExecutable(kind === 'eta' ? ['etai'] : kinds[kind].executables);
    if (!found) return { name, kind, missing: 'no executable found' };
    words = [found];
  } else if (!findExecutable([words[0]])) {
    return { name, kind, missing: `${words[0]} not found` };
  }
  return { name, kind, words, env };
}

function median(xs) {
  const s = [...xs].sort((a, b) => a - b);
  const m = s.length >> 1;
  return s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2;
}

function quartile(xs, q) {
  const s = [...xs].sort((a, b) => a - b);
  const at = (s.length - 1) * q,
    lo = Math.floor(at),
    hi = Math.ceil(at);
  return s[lo] + (s[hi] - s[lo]) * (at - lo);
}

const spread = (xs) => quartile(xs, 0.75) - quartile(xs, 0.25);
const geometricMean = (xs) => Math.exp(xs.reduce((a, x) => a + Math.log(x), 0) / xs.length);
const firstLine = (s) =>
  (
    s
      .replace(/\x1b\[[0-9;]*m/g, '')
      .split('\n')
      .find((l) => l.trim()) ?? ''
  )
    .trim()
    .slice(0, 120);

async function prepare(sys, name, body, scale, dir, timeoutMs) {
  const kind = kinds[sys.kind];
  const folder = path.join(dir, sys.name);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.${kind.extension}`);
  fs.writeFileSync(file, kind.wrap(body, scale));
  if (kind.compile) {
    if (kind.compileScript) fs.writeFileSync(file + '.build', kind.compileScript(file));
    const r = await run(kind.compile(sys, file), sys.env, timeoutMs);
    if (!r.ok) return { ok: false, why: `compile: ${r.why} ${firstLine(r.err)}` };
  }
  return { ok: true, argv: kind.command(sys, file) };
}

async function main() {
  const o = parseArgs(process.argv.slice(2));
  const all = fs
    .readdirSync(path.join(here, 'programs'))
    .filter((f) => f.endsWith('.scm'))
    .map((f) => f.slice(0, -4))
    .sort();
  if (o.list) {
    console.log(all.join('\n'));
    return;
  }
  for (const p of [...(o.only ?? []), ...o.skip]) if (!all.includes(p)) fail(`no program named ${p}`);
  const programs = all.filter((p) => (!o.only || o.only.includes(p)) && !o.skip.includes(p));
  const timeoutMs = o.timeout * 1000;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  process.on('exit', () => {
    if (!o.keep) fs.rmSync(dir, { recursive: true, force: true });
  });
  const notes = [];
  const note = (s) => {
    notes.push(s);
    console.error(`note: ${s}`);
  };
  if (o.clock === 'cpu' && !bash) fail('--clock cpu needs bash');

  // Which systems are here, and what does an empty program cost each?
  const systems = [];
  for (const spec of o.systems) {
    const sys = resolveSystem(spec);
    if (systems.some((s) => s.name === sys.name)) fail(`system ${sys.name} is named twice`);
    if (sys.missing) {
      note(`${sys.name} skipped: ${sys.missing}`);
      continue;
    }
    const p = await prepare(sys, 'empty', '(define (run-benchmark) 0)', o.scale, dir, timeoutMs);
    const r = p.ok ? await run(p.argv, sys.env, timeoutMs) : p;
    if (!r.ok || r.out.trim() !== '0') {
      note(
        `${sys.name} skipped: the empty program failed (${r.why ?? 'wrong output'}${r.err ? ': ' + firstLine(r.err) : ''})`,
      );
      continue;
    }
    sys.empty = p.argv;
    if (kinds[sys.kind].version) {
      const v = await run([...sys.words, ...kinds[sys.kind].version], sys.env, timeoutMs);
      sys.version = firstLine(v.out || v.err || '');
    }
    systems.push(sys);
  }
  if (systems.length === 0) fail('no system to run');
  for (const s of systems) s.start = { wall: [], cpu: [] };
  for (let i = 0; i < Math.max(7, o.runs); i++) {
    for (const s of systems) {
      const r = await run(s.empty, s.env, timeoutMs);
      if (r.ok) {
        s.start.wall.push(r.wall);
        s.start.cpu.push(r.cpu ?? 0);
      }
    }
  }
  for (const s of systems) {
    s.startup = { wall: median(s.start.wall), cpu: median(s.start.cpu) };
    console.error(`${s.name}: start-up ${s.startup.wall.toFixed(1)} ms${s.version ? ` (${s.version})` : ''}`);
  }

  const expectedFile = path.join(here, 'expected.json');
  const expected = fs.existsSync(expectedFile) ? JSON.parse(fs.readFileSync(expectedFile, 'utf8')) : {};
  const known = (expected[o.scale] ??= {});

  const results = [];
  for (const name of programs) {
    const body = fs.readFileSync(path.join(here, 'programs', `${name}.scm`), 'utf8');
    const row = { program: name, systems: {} };
    const ready = [];
    for (const s of systems) {
      const cell = (row.systems[s.name] = { wall: [], cpu: [], value: null, failed: null });
      const p = await prepare(s, name, body, o.scale, dir, timeoutMs);
      if (p.ok) ready.push({ s, cell, argv: p.argv });
      else {
        cell.failed = 'error';
        note(`${name} on ${s.name}: ${p.why}`);
      }
    }
    for (let i = 0; i < o.runs; i++) {
      for (const { s, cell, argv } of ready) {
        if (cell.failed) continue;
        const r = await run(argv, s.env, timeoutMs);
        if (!r.ok) {
          cell.failed = r.timeout ? 'timeout' : 'error';
          note(
            `${name} on ${s.name}: ${r.timeout ? `timeout after ${o.timeout} s` : `${r.why} ${firstLine(r.err || r.out)}`}`,
          );
          continue;
        }
        const value = r.out.trim();
        if (cell.value !== null && cell.value !== value) {
          cell.failed = 'varies';
          note(`${name} on ${s.name}: two runs gave ${cell.value} and ${value}`);
          continue;
        }
        cell.value = value;
        cell.wall.push(r.wall);
        if (r.cpu !== null) cell.cpu.push(r.cpu);
      }
    }
    // Do all systems agree, with each other and with the recorded value?
    const values = new Map();
    for (const [sys, c] of Object.entries(row.systems)) {
      if (!c.failed) values.set(c.value, [...(values.get(c.value) ?? []), sys]);
    }
    if (values.size > 1) {
      note(`${name}: values differ: ` + [...values].map(([v, who]) => `${who.join(', ')} ${v}`).join('; '));
    }
    let right = known[name] ?? null;
    if (right === null) {
      const best = [...values].sort((a, b) => b[1].length - a[1].length);
      if (best.length && (best.length === 1 || best[0][1].length > best[1][1].length)) right = best[0][0];
      if (o.record && values.size === 1 && [...values.values()][0].length > 1) known[name] = right;
    }
    for (const [sys, c] of Object.entries(row.systems)) {
      if (!c.failed && right !== null && c.value !== right) {
        c.failed = 'wrong';
        if (values.size <= 1) note(`${name} on ${sys}: ${c.value}, expected ${right}`);
      }
    }
    row.value = right;
    for (const s of systems) {
      const c = row.systems[s.name];
      if (c.failed) continue;
      c.net = {};
      for (const clock of ['wall', 'cpu']) {
        if (c[clock].length) c.net[clock] = median(c[clock]) - s.startup[clock];
      }
      const t = c.net[o.clock],
        xs = c[o.clock];
      c.spread = xs.length ? spread(xs) / Math.max(median(xs), 1) : 0;
      // Too short to tell from start-up: shown, but kept out of the means.
      c.short = t < Math.max(5, 3 * spread(s.start[o.clock]));
    }
    results.push(row);
    const show = (s) => {
      const c = row.systems[s.name];
      return `${s.name} ${c.failed ?? c.net[o.clock].toFixed(0)}`;
    };
    console.error(`${name}: ${systems.map(show).join('  ')}`);
  }

  // The table.
  const first = systems[0],
    others = systems.slice(1);
  const header = [
    'program',
    ...systems.map((s) => `${s.name} ms`),
    ...others.map((s) => `${first.name}/${s.name}`),
    'spread',
  ];
  const ratio = (row, a, b) => {
    const x = row.systems[a.name],
      y = row.systems[b.name];
    if (x.failed || y.failed || x.net[o.clock] <= 0 || y.net[o.clock] <= 0) return null;
    return { r: x.net[o.clock] / y.net[o.clock], short: x.short || y.short };
  };
  const number = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2));
  const lines = results.map((row) => [
    row.program,
    ...systems.map((s) => {
      const c = row.systems[s.name];
      return c.failed ?? `${c.short ? '~' : ''}${number(Math.max(0, c.net[o.clock]))}`;
    }),
    ...others.map((s) => {
      const q = ratio(row, first, s);
      return q ? `${q.short ? '~' : ''}${q.r.toFixed(2)}` : '-';
    }),
    (() => {
      const xs = systems
        .map((s) => row.systems[s.name])
        .filter((c) => !c.failed)
        .map((c) => c.spread);
      return xs.length ? `${(Math.max(...xs) * 100).toFixed(0)} %` : '-';
    })(),
  ]);
  const usable = results.filter((row) =>
    systems.every((s) => !row.systems[s.name].failed && !row.systems[s.name].short),
  );
  const means = ['geometric mean'];
  for (const s of systems) {
    means.push(usable.length ? number(geometricMean(usable.map((row) => row.systems[s.name].net[o.clock]))) : '-');
  }
  const counts = {};
  for (const s of others) {
    const qs = results.map((row) => ratio(row, first, s)).filter((q) => q && !q.short);
    counts[s.name] = qs.length;
    means.push(qs.length ? geometricMean(qs.map((q) => q.r)).toFixed(2) : '-');
  }
  means.push('');
  lines.push(means);

  const foot = [
    `Scale ${o.scale} %, ${o.runs} runs, median ${o.clock} time less start-up (` +
      systems.map((s) => `${s.name} ${s.startup[o.clock].toFixed(1)} ms`).join(', ') +
      ').',
    `Means: milliseconds over the ${usable.length} programs that every system finished` +
      (others.length
        ? '; ratios over ' + others.map((s) => `${counts[s.name]} (${first.name}/${s.name})`).join(', ') + ' programs.'
        : '.'),
    `Spread: largest interquartile range among the systems, relative to the median. ` +
      `~ marks a time too short to tell from start-up; such rows are left out of the means.`,
  ];
  const widths = header.map((h, i) => Math.max(h.length, ...lines.map((l) => l[i].length)));
  const pad = (cells) => cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join('  ');
  console.log(pad(header));
  console.log(widths.map((w) => '-'.repeat(w)).join('  '));
  for (const l of lines) console.log(pad(l));
  console.log();
  for (const f of foot) console.log(f);
  for (const n of notes) console.log(`Note: ${n}`);

  if (o.markdown) {
    const md = [
      `| ${header.join(' | ')} |`,
      `|${header.map((_, i) => (i ? '---:' : '---')).join('|')}|`,
      ...lines.map((l, i) => `| ${(i === lines.length - 1 ? l.map((c) => (c ? `**${c}**` : '')) : l).join(' | ')} |`),
      '',
      ...foot.flatMap((f) => [f, '']),
      ...notes.map((n) => `- ${n}`),
    ];
    fs.writeFileSync(o.markdown, md.join('\n').trimEnd() + '\n');
  }
  if (o.json) {
    fs.writeFileSync(
      o.json,
      JSON.stringify(
        {
          date: new Date().toISOString(),
          scale: o.scale,
          runs: o.runs,
          clock: o.clock,
          timeout_s: o.timeout,
          machine: {
            cpu: os.cpus()[0]?.model ?? '',
            cores: os.cpus().length,
            platform: `${os.platform()} ${os.arch()}`,
            load: os.loadavg(),
          },
          systems: systems.map((s) => ({
            name: s.name,
            kind: s.kind,
            version: s.version ?? null,
            startup_ms: s.startup,
          })),
          programs: results,
          notes,
        },
        null,
        1,
      ) + '\n',
    );
  }
  if (o.record) fs.writeFileSync(expectedFile, JSON.stringify(expected, null, 1) + '\n');
  if (o.keep) console.error(`sources kept in ${dir}`);
  const bad = results.some((row) => systems.some((s) => row.systems[s.name].failed));
  process.exitCode = bad ? 1 : 0;
}

await main();
