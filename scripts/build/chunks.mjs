import { root } from '../root.mjs';

/** Packages, and files of ours, that take long to load. Each is a file of its own, for those who need it. */
const HEAVY =
  /\/node_modules\/(?<package>yaml|execa|liquidjs|chokidar)\/|\/controller\/(?:store\/(?<file>make-validator)\.ts|api\/(?<folder>schemas)\/)/;

/** What several of the parts below need. */
const SHARED = 'looks';
/** What is loaded for some verbs alone. */
const PARTS = [
  { name: SHARED, entries: ['logs', 'notifier', 'planner', 'rescue', 'teardown'].map((name) => `wiring/${name}.ts`) },
  { name: 'top', entries: ['cli/top/run-top.ts'] },
  { name: 'controller', entries: ['wiring/run-verb.ts'] },
];

/**
 * @typedef {(id: string) => import('rolldown').ModuleInfo | null} Look
 * @typedef {{ readonly name: string, readonly priority: number }} Chunk
 */

/**
 * Which modules go into one file of dist/: those of ours that need the same heavy packages. Left to itself, the bundler
 * makes one of each set of verbs that have something in common. That is 150 files, and each takes half a millisecond.
 * @returns {import('rolldown').CodeSplittingOptions}
 */
export function chunks() {
  const find = createFinder();
  // A module goes where those that it imports are already: what needs less comes first.
  return { groups: Array.from({ length: 10 }, (_, priority) => groupOf(priority, find)) };
}

/**
 * @param {number} priority
 * @param {ReturnType<typeof createFinder>} find
 * @returns {import('rolldown').CodeSplittingGroup}
 */
function groupOf(priority, find) {
  return {
    priority,
    debugName: `priority ${priority}`,
    name(id, context) {
      const chunk = find(id, (one) => context.getModuleInfo(one));
      return chunk?.priority === priority ? chunk.name : null;
    },
  };
}

function createFinder() {
  /** @type {Map<string, ReadonlySet<string>>} */
  const known = new Map();
  /** @type {Map<string, string> | undefined} */
  let parts;

  /** @type {(id: string, look: Look) => Chunk | undefined} */
  return (id, look) => {
    const heavy = heavyOf(id);
    if (heavy !== undefined) return { name: heavy, priority: 9 };
    if (!id.startsWith(`${root}/controller/`) || id === mainFile) return undefined;
    parts ??= partsOf(look);
    const part = parts.get(id);
    if (part !== undefined) return { name: part, priority: 2 - PARTS.findIndex(({ name }) => name === part) };
    const needs = [...needsOf(id, look, known)].sort();
    return { name: ['verbs', ...needs].join('-'), priority: 8 - Math.min(needs.length, 5) };
  };
}

const mainFile = `${root}/controller/main.ts`;

/** @param {string} id */
function heavyOf(id) {
  const { package: name, file, folder } = HEAVY.exec(id)?.groups ?? {};
  return name ?? file ?? folder;
}

/**
 * The heavy packages that a module cannot be loaded without. No two of our modules import each other.
 * @param {string} id
 * @param {Look} look
 * @param {Map<string, ReadonlySet<string>>} known
 * @returns {ReadonlySet<string>}
 */
function needsOf(id, look, known) {
  const before = known.get(id);
  if (before !== undefined) return before;
  /** @type {Set<string>} */
  const needs = new Set();
  known.set(id, needs);
  for (const next of look(id)?.importedIds ?? []) {
    const heavy = heavyOf(next);
    for (const need of heavy === undefined ? needsOf(next, look, known) : [heavy]) needs.add(need);
  }
  return needs;
}

/**
 * The parts of modules that are not everybody's, by their ids.
 * @param {Look} look
 */
function partsOf(look) {
  const starts = PARTS.map(({ name, entries }) => ({
    name,
    ids: entries.map((entry) => `${root}/controller/${entry}`),
  }));
  const everybodys = reach([mainFile], look, new Set(starts.flatMap(({ ids }) => ids)));
  /** @type {Map<string, string>} */
  const parts = new Map();
  for (const { name, ids } of starts) {
    for (const id of reach(ids, look, everybodys)) {
      // What two of them come to is of the first, which asks for the least.
      parts.set(id, parts.has(id) ? SHARED : name);
    }
  }
  return parts;
}

/**
 * All modules that one comes to from some, these included.
 * @param {readonly string[]} ids
 * @param {Look} look
 * @param {ReadonlySet<string>} except
 */
function reach(ids, look, except) {
  /** @type {Set<string>} */
  const found = new Set();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id) || except.has(id)) continue;
    found.add(id);
    const { importedIds = [], dynamicallyImportedIds = [] } = look(id) ?? {};
    left.push(...importedIds, ...dynamicallyImportedIds);
  }
  return found;
}
