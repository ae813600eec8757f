// A program that takes prompts as coding agents do: an input box at the bottom of the screen, bracketed pastes, Enter
// submits, and its hook is told of each prompt that it took. What stands in the mode file makes it difficult:
// busy (it works, and queues), dialog (a question is open, and Enter answers it), slow (it reads nothing for a while),
// deaf=N (it overlooks the next N Enters), limit (it is at a usage limit until it is told something), out (it is not
// logged in, until it is started anew), failing (its turns fail), leave (it ends), quiet (its hook is told nothing). It
// notes every byte that reaches it. It takes STARTS_MS to come up, and up to WORKS_MS for a turn.
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';

const [base = '', hook = ''] = process.argv.slice(2);
/** @type {string[]} */
const said = [];
let box = '';
let pasting = false;
let rest = '';
let shown = '';
let deafened = 0;
let turns = 0;
const { STARTS_MS = '0', WORKS_MS = '30' } = process.env;

function mode() {
  try {
    return readFileSync(`${base}.mode`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** @param {Record<string, unknown>} payload */
function tell(payload) {
  if (mode() !== 'quiet') spawnSync(hook, { input: JSON.stringify(payload) });
}

/** @type {Record<string, string>} */
const LINES = {
  busy: 'working, esc to interrupt',
  limit: 'You have hit your limit',
  out: 'Please log in',
};

function draw() {
  const is = mode();
  const last = said.slice(-5).map((text) => `said ${(text.split('\n')[0] ?? '').slice(0, 60)}`);
  const bottom = is === 'dialog' ? 'Allow this command? [Y/n]' : `> ${box.replaceAll('\n', ' ')}`;
  const line = turns > 0 && WORKS_MS !== '30' ? LINES['busy'] : 'ready';
  const screen = [...last, '', LINES[is] ?? line, bottom].join('\r\n');
  if (screen === shown) return;
  shown = screen;
  process.stdout.write(`\u001b[2J\u001b[H${screen}`);
}

function submit() {
  const [, times] = /^deaf=(\d+)/.exec(mode()) ?? [];
  if (times !== undefined && deafened < Number(times)) {
    deafened += 1;
    return;
  }
  if (mode() === 'dialog') {
    appendFileSync(`${base}.answers`, 'Enter\n');
    return;
  }
  if (box === '') return;
  const text = box;
  box = '';
  said.push(text);
  appendFileSync(`${base}.prompts`, `${JSON.stringify(text)}\n`);
  draw();
  tell({ event: 'Prompt', prompt: text, session_id: 'one' });
  if (mode() === 'limit') rmSync(`${base}.mode`);
  const end = mode() === 'failing' ? 'Failed' : 'Stop';
  if (mode() === 'busy') return;
  turns += 1;
  const ended = () => {
    turns -= 1;
    if (turns === 0) tell({ event: end });
  };
  setTimeout(ended, WORKS_MS === '30' ? 30 : Math.random() * Number(WORKS_MS));
}

/** @param {string} text */
function take(text) {
  rest += text;
  while (rest !== '') {
    const mark = pasting ? '\u001b[201~' : '\u001b[200~';
    if (rest.startsWith(mark)) {
      pasting = !pasting;
      rest = rest.slice(mark.length);
      continue;
    }
    if (mark.startsWith(rest)) return;
    const [character = ''] = rest;
    rest = rest.slice(character.length);
    if (!pasting && character === '\r') submit();
    else if (!pasting && character === '\u0015') box = '';
    else if (mode() !== 'dialog') box += character;
  }
}

let late = '';
setTimeout(() => {
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8');
  process.stdout.write('\u001b[?2004h');
  process.stdin.on('data', (/** @type {string} */ text) => {
    appendFileSync(`${base}.bytes`, text);
    if (mode() === 'slow') late += text;
    else take(text);
    draw();
  });
  setInterval(() => {
    if (mode() !== 'slow' && late !== '') {
      const text = late;
      late = '';
      take(text);
    }
    if (mode() === 'leave') {
      rmSync(`${base}.mode`);
      process.exit(0);
    }
    if (mode() === 'idle') {
      tell({ event: 'Stop' });
      rmSync(`${base}.mode`, { force: true });
    }
    draw();
  }, 20);
  if (mode() === 'out') rmSync(`${base}.mode`);
  tell({ event: 'SessionStart', session_id: 'one' });
  draw();
}, Number(STARTS_MS));
