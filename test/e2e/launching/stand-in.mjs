// A program that starts as coding agents do: it notes how it was started, keeps a file of its conversation, tells its
// hook, and asks a first-run question where it was told to. Every key that reaches it is noted down.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';

const root = process.env['STAND_IN_ROOT'] ?? '.';
const name = process.env['MUXLET_AGENT'] ?? 'nobody';
const args = process.argv.slice(2);
const option = (/** @type {string} */ flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);

/** @param {string} what */
function note(what) {
  const { PATH, MUXLET_STATE, MUXLET_SPECS, STAND_IN_TOKEN, OTHER_TOKEN } = process.env;
  const env = { PATH, MUXLET_STATE, MUXLET_SPECS, STAND_IN_TOKEN, OTHER_TOKEN };
  appendFileSync(`${root}/${name}.log`, `${JSON.stringify({ what, at: Date.now(), args, cwd: process.cwd(), env })}\n`);
}

/** @param {string[]} lines */
function show(lines) {
  process.stdout.write(`\u001b[2J\u001b[H${lines.join('\r\n')}`);
}

const conversation = option('--session-id') ?? option('--resume') ?? `${name}-own`;

function ready() {
  mkdirSync(`${root}/conversations`, { recursive: true });
  appendFileSync(`${root}/conversations/${conversation}.jsonl`, '{}\n');
  const hook = option('--hook');
  if (hook !== undefined) {
    spawnSync(hook, [], { input: JSON.stringify({ event: 'SessionStart', session_id: conversation }) });
  }
  note('ready');
  show(['welcome', '> ']);
}

const dialogs = {
  trust: ['Do you trust this folder?', '  1. Yes', '❯ 2. No, exit'],
  bypass: ['Bypass Permissions mode: do you accept?', '❯ 1. No, exit', '  2. Yes'],
};
const dialog = /** @type {keyof typeof dialogs | undefined} */ (option('--dialog'));
note('started');
if (process.stdin.isTTY) process.stdin.setRawMode(true);
process.stdin.on('data', (keys) => {
  appendFileSync(`${root}/${name}.keys`, keys);
  if (dialog === 'trust' && String(keys).includes('1') && option('--deaf') === undefined) ready();
});
if (dialog !== undefined) show(dialogs[dialog]);
else setTimeout(ready, Number(option('--slow') ?? 0));
setInterval(() => undefined, 1000);
