import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

async function cruiseTree(baseDir: string): Promise<ICruiseResult> {
  const options: ICruiseOptions = { ...config.options, baseDir, validate: true, ruleSet: config };
  const { output } = await cruise(['controller'], options);
  return output as ICruiseResult;
}

function sourcesOf(tree: string): readonly string[] {
  return readdirSync(`${tree}/controller`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `controller/${file}`);
}

// Two seconds at rest, and many more on a machine that does other things as well.
const CRUISE_MS = 60_000;

test('the controller keeps to the table, and every one of its modules was looked at', {
  timeout: CRUISE_MS,
}, async () => {
  const { modules, summary } = await cruiseTree(root);
  const seen = new Set(modules.map(({ source }) => source));
  expect(sourcesOf(root).length).toBeGreaterThan(15);
  expect(sourcesOf(root).filter((file) => !seen.has(file))).toEqual([]);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
});

/** Rule, the file that breaks it, and what that file imports. */
const PLANTED: readonly (readonly [string, string, string])[] = [
  ['room-api', 'controller/api/bad.ts', '../queue/target.ts'],
  ['room-queue', 'controller/queue/bad.ts', '../api/target.ts'],
  ['room-exec', 'controller/exec/bad.ts', '../tmux/target.ts'],
  ['room-template', 'controller/template/bad.ts', '../exec/target.ts'],
  ['room-briefing', 'controller/briefing/bad.ts', '../act/target.ts'],
  ['room-tmux', 'controller/tmux/bad.ts', '../observe/target.ts'],
  ['room-observe', 'controller/observe/bad.ts', '../act/target.ts'],
  ['room-act', 'controller/act/bad.ts', '../observe/target.ts'],
  ['room-reconcile-gather', 'controller/reconcile/project/gather.ts', '../../exec/target.ts'],
  ['room-reconcile-decisions', 'controller/reconcile/project/bad-plan.ts', '../../observe/target.ts'],
  ['decisions-do-not-gather', 'controller/reconcile/project/bad-status.ts', './gather.ts'],
  ['room-store', 'controller/store/bad.ts', '../exec/target.ts'],
  ['room-runtime', 'controller/runtime/bad.ts', '../store/target.ts'],
  ['room-metrics', 'controller/metrics/bad.ts', '../runtime/target.ts'],
  ['room-server', 'controller/server/bad.ts', '../metrics/target.ts'],
  ['wiring-is-imported-by-main-alone', 'controller/cli/bad-wiring.ts', '../wiring/target.ts'],
  ['main-is-imported-by-nobody', 'controller/cli/bad-main.ts', '../main.ts'],
  ['unknown-room', 'controller/attic/bad.ts', '../api/target.ts'],
  ['controller-imports-no-tests', 'controller/cli/bad-test.ts', '../../test/target.ts'],
  ['no-circular', 'controller/api/one.ts', './two.ts'],
  ['not-resolvable', 'controller/cli/bad-path.ts', './nowhere.ts'],
  ['package-execa', 'controller/act/bad-execa.ts', 'execa'],
  ['package-chokidar', 'controller/cli/bad-chokidar.ts', 'chokidar'],
  ['package-prom-client', 'controller/server/bad-prom-client.ts', 'prom-client'],
  ['package-pino', 'controller/runtime/bad-pino.ts', 'pino'],
  ['package-liquidjs', 'controller/act/bad-liquidjs.ts', 'liquidjs'],
  ['package-nodemailer', 'controller/runtime/bad-nodemailer.ts', 'nodemailer'],
  ['package-ink', 'controller/cli/bad-ink.ts', 'ink'],
  ['package-react', 'controller/cli/bad-react.ts', 'react'],
  ['package-ajv', 'controller/runtime/bad-ajv.ts', 'ajv'],
  ['package-yaml', 'controller/metrics/bad-yaml.ts', 'yaml'],
  ['package-commander', 'controller/store/bad-commander.ts', 'commander'],
  ['spawning-only-in-exec', 'controller/act/bad-spawn.ts', 'node:child_process'],
  ['decisions-have-no-effects', 'controller/reconcile/project/bad-fs.ts', 'node:fs/promises'],
  ['decisions-have-no-effects', 'controller/reconcile/project/bad-timers.ts', 'node:timers/promises'],
  ['decisions-have-no-effects', 'controller/reconcile/project/bad-net.ts', 'net'],
];

/** What the planted files import, and imports of types, which count as well. */
const TARGETS = ['api', 'queue', 'exec', 'tmux', 'observe', 'act', 'store', 'runtime', 'metrics', 'wiring'];

describe('a planted violation is found:', () => {
  let tree: string;
  let found: Set<string>;

  beforeAll(async () => {
    // The real path, because imports are resolved to real paths.
    tree = mkdtempSync(`${realpathSync(tmpdir())}/muxlet-planted-`);
    symlinkSync(`${root}/node_modules`, `${tree}/node_modules`);
    put('controller/main.ts', '');
    put('test/target.ts', '');
    put('controller/api/two.ts', "import './one.ts';");
    for (const room of TARGETS) put(`controller/${room}/target.ts`, 'export type Target = 1;');
    for (const [, file, target] of PLANTED) {
      put(file, target.endsWith('target.ts') ? `import type { Target } from '${target}';` : `import '${target}';`);
    }
    const { summary } = await cruiseTree(tree);
    found = new Set(summary.violations.map(({ rule, from }) => `${rule.name} in ${from}`));
  });

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  function put(file: string, text: string): void {
    mkdirSync(dirname(`${tree}/${file}`), { recursive: true });
    writeFileSync(`${tree}/${file}`, text);
  }

  test.each(PLANTED)('%s in %s, which imports %s', (rule, file) => {
    expect(found).toContain(`${rule} in ${file}`);
  });

  test('every rule has one planted', () => {
    const rules = new Set(config.forbidden?.map(({ name }) => name));
    expect(new Set(PLANTED.map(([rule]) => rule))).toEqual(rules);
  });
});
