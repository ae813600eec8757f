#!/usr/bin/env node
// Stands in for Claude Code where a page has a reader start it: it answers nothing, and tells of itself as the class `claude`
// reads it (a file of its state, hooks, an input box), so that what the page shows of muxlet can be seen.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';

const args = process.argv.slice(2);
if (args[0] === '--version') {
  process.stdout.write('2.1.329 (Claude Code)\n');
  process.exit();
}
if (args[0] === 'auth') process.exit();

/** @param {string} name */
const flag = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const conversation = flag('--session-id') ?? flag('--resume') ?? 'none';
const settings = JSON.parse(readFileSync(flag('--settings') ?? '/dev/null', 'utf8'));
const folder = `${homedir()}/.claude`;
for (const name of ['sessions', 'projects/any']) mkdirSync(`${folder}/${name}`, { recursive: true });
writeFileSync(`${folder}/projects/any/${conversation}.jsonl`, '');

/** @param {string} status */
function show(status, box = '') {
  writeFileSync(`${folder}/sessions/${process.pid}.json`, JSON.stringify({ pid: process.pid, status }));
  process.stdout.write(`\u001B[2J\u001B[H\u001B[?2004h❯ ${box}`);
}

/** @param {string} event @param {Record<string, unknown>} fields */
function tell(event, fields = {}) {
  const command = settings.hooks[event][0].hooks[0].command;
  const record = { hook_event_name: event, session_id: conversation, ...fields };
  spawnSync(command, { shell: true, input: JSON.stringify(record) });
}

/** @param {string} prompt */
function take(prompt) {
  show('busy');
  tell('UserPromptSubmit', { prompt });
  tell('Stop', { background_tasks: [] });
  show('idle');
}

tell('SessionStart');
const first = args.slice(4).at(-1);
if (first === undefined) show('idle');
else take(first);

let box = '';
process.stdin.setRawMode(true).setEncoding('utf8');
process.stdin.on('data', (typed) => {
  for (const key of String(typed).replaceAll(/\u001B\[20[01]~/g, '')) {
    if (key === '\r') {
      const prompt = box;
      box = '';
      take(prompt);
    } else if (key === '\u0015') box = '';
    else box += key;
  }
  show('idle', box);
});
process.on('SIGINT', () => process.exit());
