// A program that behaves like a coding agent, as far as one can see and hear it: it does what stands in its control
// file, a line of JSON each: shows a screen, sets its title, hands a payload to its hook, keeps a state file, writes a
// transcript, leaves. Every key that reaches it is noted down beside the control file.
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const [control = ''] = process.argv.slice(2);
// What was done before stays done: a program that is started again does not live its life twice.
let done = doneBefore();

function doneBefore() {
  try {
    return Number(readFileSync(`${control}.done`, 'utf8'));
  } catch {
    return 0;
  }
}

/** @type {Readonly<Record<string, (value: any) => void>>} */
const verbs = {
  screen: (lines) => process.stdout.write(`\u001b[2J\u001b[H${lines.join('\r\n')}`),
  print: (text) => process.stdout.write(`${text}\r\n`),
  title: (text) => process.stdout.write(`\u001b]2;${text}\u0007`),
  hook: ({ path, at = Date.now(), ...payload }) => appendFileSync(path, `\u001e${at} ${JSON.stringify(payload)}\n`),
  raw: ({ path, text }) => appendFileSync(path, text),
  file: ({ path, ...value }) => writeFileSync(path, JSON.stringify(value)),
  remove: (path) => rmSync(path, { force: true }),
  transcript: ({ path, ...record }) =>
    appendFileSync(path, `${JSON.stringify({ timestamp: new Date().toISOString(), ...record })}\n`),
  exit: (code) => process.exit(code),
};

function obey() {
  let text = '';
  try {
    text = readFileSync(control, 'utf8');
  } catch {
    return;
  }
  const lines = text.split('\n').slice(0, -1);
  for (const line of lines.slice(done)) {
    done += 1;
    writeFileSync(`${control}.done`, String(done));
    for (const [verb, value] of Object.entries(JSON.parse(line))) verbs[verb]?.(value);
  }
}

if (process.stdin.isTTY) process.stdin.setRawMode(true);
process.stdin.on('data', (keys) => appendFileSync(`${control}.keys`, keys));
setInterval(obey, 15);
