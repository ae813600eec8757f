#!/usr/bin/env node
/**
 * The program. Everything is put together here, or in wiring/, which only this file may import; and nothing is loaded
 * before it is needed: whoever calls a verb, or presses a key to have a word completed, waits for it.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CliDeps } from './cli/ports.ts';
import { buildProgram, runProgram } from './cli/program.ts';
import type { RunSettings } from './cli/run.ts';
import { systemClock } from './exec/clock.ts';
import { goesToJournal } from './wiring/journal.ts';
import { lazily } from './wiring/lazily.ts';

const { env, stdin, stdout, stderr } = process;
const { now } = systemClock;
const presets = packageFile('manifests/presets');
const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { readonly version: string };

const interrupt = new AbortController();
// A second Ctrl-C means no more than the first: under npm, one key press arrives twice.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupt.abort();
  });
}
// Who reads the output may go away (`| head`), or its disk be full. A verb has nobody left to talk to then, and ends; the
// controller has agents to keep, and goes on.
let isController = false;
for (const output of [stdout, stderr]) {
  output.on('error', () => {
    if (!isController) interrupt.abort();
  });
}

const deps: CliDeps = {
  env,
  stdin,
  stdout,
  stderr,
  isTTY: { stdin: stdin.isTTY, stdout: stdout.isTTY, stderr: stderr.isTTY },
  isJournal: goesToJournal(env['JOURNAL_STREAM'], 2),
  self: {
    platform: process.platform,
    uid: process.getuid?.() ?? 0,
    argv: [process.execPath, realpathSync(process.argv[1] ?? '')],
  },
  cwd: process.cwd(),
  home: homedir(),
  version,
  now,
  interrupt: interrupt.signal,
  setExitCode: (code) => {
    process.exitCode = code;
  },
  stores: lazily(async () => (await import('./cli/stores.ts')).createStores({ presets, now })),
  controller: lazily(async () =>
    (await import('./cli/controller-port.ts')).createControllerPort((pid, signal) => process.kill(pid, signal)),
  ),
  programs: lazily(async () => {
    const [{ runCommand }, { runInTerminal }] = await Promise.all([
      import('./exec/run-command.ts'),
      import('./exec/run-in-terminal.ts'),
    ]);
    return {
      run: async ([file = '', ...args], { timeoutMs }) => runCommand(file, args, { timeoutMs, env }),
      runInTerminal,
    };
  }),
  logs: lazily(async () => (await import('./wiring/logs.ts')).createLogs({ presets, env })),
  planner: lazily(async () => (await import('./wiring/planner.ts')).createPlanner({ presets, env })),
  teardown: lazily(async () => (await import('./wiring/teardown.ts')).createTeardown(env)),
  locks: lazily(async () => {
    const [{ createLockPort }, { tryLock }] = await Promise.all([
      import('./cli/lock-port.ts'),
      import('./exec/flock.ts'),
    ]);
    return createLockPort(tryLock);
  }),
  rescue: lazily(async () => (await import('./wiring/rescue.ts')).createRescue({ presets, env })),
  notifier: lazily(async () => (await import('./wiring/notifier.ts')).assembleNotifier(env)),
};

const args = process.argv.slice(2);
const program = await buildProgram(deps, {
  args,
  more: {
    run: async () => {
      const { addRun } = await import('./cli/run.ts');
      return (to) => addRun(to, deps, run);
    },
    '__compile-presets': async () => {
      const { addCompilePresets } = await import('./cli/compile-presets.ts');
      return (to) => addCompilePresets(to, presets);
    },
  },
});
await runProgram(program, deps, args);

async function run(settings: RunSettings): Promise<number> {
  isController = true;
  const { runVerb } = await import('./wiring/run-verb.ts');
  return runVerb(settings, deps, env, presets);
}

/** A file of the package, seen from dist/controller/ or from controller/. */
function packageFile(path: string): string {
  const up = import.meta.url.includes('/dist/controller/') ? '../../' : '../';
  return fileURLToPath(new URL(`${up}${path}`, import.meta.url));
}
