#!/usr/bin/env node
/** The program. Everything is built here, or in wiring/, which only this file may import. */
import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { addCompilePresets } from './cli/compile-presets.ts';
import { createControllerPort } from './cli/controller-port.ts';
import { createLockPort } from './cli/lock-port.ts';
import type { CliDeps } from './cli/ports.ts';
import { buildProgram, runProgram } from './cli/program.ts';
import { addRun, type RunSettings } from './cli/run.ts';
import { createStores } from './cli/stores.ts';
import { addWriteManual } from './cli/write-manual.ts';
import { systemClock } from './exec/clock.ts';
import { tryLock } from './exec/flock.ts';
import { takeNotifySettings } from './exec/notify.ts';
import { runCommand } from './exec/run-command.ts';
import { runInTerminal } from './exec/run-in-terminal.ts';
import { bannerOf } from './wiring/banner.ts';
import { goesToJournal } from './wiring/journal.ts';
import { createJournalLog, createJsonLog, createPrettyLog, type Log } from './wiring/log.ts';
import { createLogs } from './wiring/logs.ts';
import { assembleNotifier } from './wiring/notifier.ts';
import { createPlanner } from './wiring/planner.ts';
import { checkMachine } from './wiring/preflight.ts';
import { createRescue } from './wiring/rescue.ts';
import { createTeardown } from './wiring/teardown.ts';

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
  stores: createStores({ presets, now }),
  controller: createControllerPort((pid, signal) => process.kill(pid, signal)),
  programs: {
    run: async ([file = '', ...args], { timeoutMs }) => runCommand(file, args, { timeoutMs, env }),
    runInTerminal,
  },
  logs: createLogs({ presets, env }),
  planner: createPlanner({ presets, env }),
  teardown: createTeardown(env),
  locks: createLockPort(tryLock),
  rescue: createRescue({ presets, env }),
  notifier: assembleNotifier(env),
};

const program = buildProgram(deps);
addRun(program, deps, run);
addCompilePresets(program, presets);
addWriteManual(program, deps);
await runProgram(program, deps, process.argv.slice(2));

async function run(settings: RunSettings): Promise<number> {
  isController = true;
  const notify = takeNotifySettings(env, process.pid);
  await checkMachine(settings, deps);
  const pretty = settings.logFormat === 'pretty';
  const log = createLog(settings.logFormat);
  const announce = (address: string, projects: readonly string[]): void => {
    stdout.write(`muxlet is ready at http://${address}\n`);
    if (pretty && stdout.isTTY) {
      stdout.write(`${bannerOf({ ...settings, version, address, projects, cwd: process.cwd() })}\n`);
    }
  };
  // Most of the program, and of no use to any other verb.
  const { runController } = await import('./wiring/run-controller.ts');
  return runController({ ...settings, presets, version, announce, notify }, env, log, interrupt.signal);
}

function createLog(format: RunSettings['logFormat']): Log {
  switch (format) {
    case 'pretty':
      return createPrettyLog(stderr, Boolean(stderr.isTTY) && !env['NO_COLOR'], now);
    case 'journal':
      return createJournalLog(stderr);
    case 'json':
      return createJsonLog(stderr);
  }
}

/** A file of the package, seen from dist/controller/ or from controller/. */
function packageFile(path: string): string {
  const up = import.meta.url.includes('/dist/controller/') ? '../../' : '../';
  return fileURLToPath(new URL(`${up}${path}`, import.meta.url));
}
