// Parts of the program that are loaded when they are first used, each in a file of its own beside dist/etai.cjs.
//
//   etai.cjs       runs a program whose code is kept: all that every start reads
//   compiler.cjs   from text to code: a program that is new or has changed, eval, help
//   translator.cjs the JavaScript tier's translator: a program that has something hot
//   subsystems.cjs what is behind some builtins that most programs do not call
//   options.cjs    command lines with options in front of the file
//
// In the sources a part is imported at the top of files like anything else; only the bundle differs. What is imported from
// a part becomes a property that loads the part when it is read, so it must not be read while modules are initialised. The
// other way round, what a part imports is handed to it by the bundle, once, as constants: both have one copy of everything.
// Constant enumerations are text and are copied.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup-inputs.mjs';

const SRC = path.join(ROOT, 'src');

const SUBSYSTEMS = ['csv', 'fact-table', 'json', 'log', 'process', 'regex'];

/** What each part consists of, in files and folders below src; what is named alone stays out. */
const PARTS = {
  compiler: {
    of: [
      'reader',
      'compiler',
      'help',
      'modules/dependency-order.ts',
      'modules/import-clauses.ts',
      'modules/libraries.ts',
      'modules/linker.ts',
      'modules/module-text.ts',
      'modules/scheme-libraries.ts',
      'modules/undefined-names.ts',
    ],
    but: [
      'reader/characters.ts',
      'reader/number-syntax.ts',
      'reader/source-text.ts',
      'compiler/builtin-scope.ts',
      'compiler/scope.ts',
      'help/define.ts',
    ],
  },
  translator: {
    of: ['activation', 'callees', 'flonums', 'inline', 'inlining', 'labels', 'translate'].map(
      (name) => `vm/javascript/${name}.ts`,
    ),
    but: [],
  },
  subsystems: {
    of: SUBSYSTEMS.map((name) => `builtins/${name}`),
    but: [
      ...SUBSYSTEMS.map((name) => `builtins/${name}/define.ts`),
      'builtins/fact-table/csv.ts',
      'builtins/log/levels.ts',
      'builtins/log/logger.ts',
    ],
  },
  options: { of: ['cli/options.ts', 'cli/artifact-listing.ts'], but: [] },
};

export const PART_NAMES = Object.keys(PARTS);

/** The parameter of every bundle: `load(part)` gives a part's modules by path, `shared` those that parts use. */
export const PARAMETER = '__parts';

const isUnder = (file, names) => names.some((name) => file === name || file.startsWith(`${name}/`));

/** The part that a file below src belongs to, null for the bundle itself. */
function partOf(file) {
  const found = Object.entries(PARTS).find(([, { of, but }]) => isUnder(file, of) && !isUnder(file, but));
  return found?.[0] ?? null;
}

const relativeToSrc = (file) => path.relative(SRC, file).split(path.sep).join('/');

/** Every import of values from one source file into another: the importing file, the imported one, the names. */
function* valueImports() {
  for (const name of readdirSync(SRC, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const file = path.join(SRC, name);
    const text = readFileSync(file, 'utf8');
    for (const [, clause, target] of text.matchAll(/^(?:import|export) ([^;]*?) from '(\.[^']*\.ts)';/gm)) {
      if (clause.startsWith('type ')) continue;
      const isNamed = clause.startsWith('{');
      const parts = clause.replace(/[{}]/g, '').split(',');
      const names = isNamed ? parts.map((part) => /^\s*(?:type\s.*|(\w+).*)?$/s.exec(part)?.[1]).filter(Boolean) : null;
      yield { from: relativeToSrc(file), to: relativeToSrc(path.resolve(path.dirname(file), target)), names };
    }
    for (const [, clause, target] of text.matchAll(/\{([^{}]*)\} = await import\('(\.[^']*\.ts)'\)/g)) {
      const names = clause.split(',').map((each) => each.trim());
      yield { from: relativeToSrc(file), to: relativeToSrc(path.resolve(path.dirname(file), target)), names };
    }
    for (const [, target, clause] of text.matchAll(/await import\('(\.[^']*\.ts)'\)\.then\(\(\{([^{}]*)\}\)/g)) {
      const names = clause.split(',').map((each) => each.trim());
      yield { from: relativeToSrc(file), to: relativeToSrc(path.resolve(path.dirname(file), target)), names };
    }
  }
}

/** Names by imported file, of the imports across a border. */
function crossing(isCrossing) {
  const found = new Map();
  for (const { from, to, names } of valueImports()) {
    if (!isCrossing(partOf(from), partOf(to))) continue;
    if (names === null) throw new Error(`src/${from}: name what you import from src/${to}`);
    const known = found.get(to) ?? new Set();
    for (const name of names) known.add(name);
    if (known.size > 0) found.set(to, known);
  }
  return found;
}

const SHARED = 'what-parts-share';

/** For esbuild: the bundle or part `own` (null for the bundle), with the other parts left out. */
export function partsPlugin(own) {
  const fromParts = crossing((from, to) => to !== null && to !== from);
  const fromBundle = crossing((from, to) => from !== null && to === null);
  return {
    name: 'parts',
    setup(builder) {
      builder.onResolve({ filter: /^\..*\.ts$/ }, ({ path: target, resolveDir, namespace }) => {
        if (namespace !== 'file') return undefined;
        const file = relativeToSrc(path.resolve(resolveDir, target));
        const part = partOf(file);
        if (part === own) return undefined;
        return { path: file, namespace: part === null ? 'bundle' : 'part' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'part' }, ({ path: file }) => {
        const load = `let part; const load = () => (part ??= ${PARAMETER}.load('${partOf(file)}')['${file}']);`;
        const getters = [...(fromParts.get(file) ?? [])].map((name) => `get ${name}() { return load().${name}; }`);
        return { contents: `${load} module.exports = { ${getters.join(', ')} };`, loader: 'js' };
      });
      builder.onLoad({ filter: /.*/, namespace: 'bundle' }, ({ path: file }) => {
        const enums = constantEnums(file);
        const names = [...(fromBundle.get(file) ?? [])].filter((name) => !enums.has(name));
        const constants = names.map((name) => `export const ${name} = ${PARAMETER}.shared['${file}'].${name};\n`);
        return { contents: [...enums.values(), ...constants].join(''), loader: 'ts' };
      });
      builder.onResolve({ filter: new RegExp(`^(${SHARED}|entry)$`) }, ({ path: name }) => ({
        path: name,
        namespace: 'made',
      }));
      builder.onLoad({ filter: /^what-parts-share$/, namespace: 'made' }, () => ({
        contents: sharedText(fromBundle),
        resolveDir: SRC,
        loader: 'ts',
      }));
    },
  };
}

/** The text of each constant enumeration that a file exports. */
function constantEnums(file) {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  return new Map(
    [...text.matchAll(/^export const enum (\w+) \{[\s\S]*?^\}\n/gm)].map(([whole, name]) => [name, whole]),
  );
}

/** A module that hands over what parts use, when one is loaded. */
function sharedText(fromBundle) {
  const lines = [];
  const groups = [];
  for (const [file, names] of fromBundle) {
    const enums = constantEnums(file);
    const wanted = [...names].filter((name) => !enums.has(name));
    if (wanted.length === 0) continue;
    const local = (name) => `${name}_${groups.length}`;
    lines.push(`import { ${wanted.map((name) => `${name} as ${local(name)}`).join(', ')} } from './${file}';`);
    groups.push(`'${file}': { ${wanted.map((name) => `${name}: ${local(name)}`).join(', ')} }`);
  }
  lines.push(`declare const ${PARAMETER}: any;`, `${PARAMETER}.share = () => ({ ${groups.join(', ')} });`);
  return lines.join('\n');
}

/** The text of the module that a bundle begins with. */
export const bundleEntry = (entry) => `import '${SHARED}'; import './${path.relative('src', entry)}';`;

/** The text of the module that a part begins with: its modules by path, those that others import. */
export function partEntry(part) {
  const files = [...crossing((from, to) => to === part && from !== part).keys()];
  const imports = files.map((file, i) => `import * as module${i} from './${file}';`);
  const entries = files.map((file, i) => `'${file}': module${i}`);
  return `${imports.join('\n')}\nmodule.exports = { ${entries.join(', ')} };`;
}
