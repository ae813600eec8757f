import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { goesToJournal } from '../../controller/wiring/journal.ts';
import { createJournalLog } from '../../controller/wiring/log.ts';

test('a line for the journal begins with its priority, has no time and no colour, and is one line', () => {
  let out = '';
  const log = createJournalLog({ write: (text) => (out += text) });
  log.info('connected to tmux', { server: 'muxlet', pid: 7 });
  log.warn('event', {
    object: 'project/web',
    reason: 'AgentExited',
    message: 'agent dev ended:\n<0>forged\r\nx',
    n: 1,
  });
  log.error('could not', { code: 'MUX_X', list: ['a\nb'] });
  expect(out.split('\n')).toEqual([
    '<6>connected to tmux  server=muxlet  pid=7',
    '<4>project/web  AgentExited  agent dev ended: | <0>forged | x  n=1',
    '<3>could not  code=MUX_X  list=["a\\nb"]',
    '',
  ]);
});

test('a stream is the journal by device and inode, not because a variable was inherited', () => {
  const file = openSync('/dev/null', 'w');
  try {
    const { dev, ino } = fstatSync(file);
    expect(goesToJournal(`${dev}:${ino}`, file)).toBe(true);
    expect(goesToJournal(`${dev}:${ino + 1}`, file)).toBe(false);
    expect(goesToJournal('', file)).toBe(false);
    expect(goesToJournal(undefined, file)).toBe(false);
  } finally {
    closeSync(file);
  }
  expect(goesToJournal('1:2', 999)).toBe(false);
});
