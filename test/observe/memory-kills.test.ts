import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryKills } from '../../controller/observe/memory-kills.ts';

function withRoot(run: (write: (path: string, text: string) => void, root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'mx-'));
  try {
    run((path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test.each([
  ['version 2', '0::/a/b:c\n', 'sys/fs/cgroup/a/b:c/memory.events', 'low 0\noom 1\n'],
  ['version 1', '9:cpu:/x\n4:memory:/agents\n', 'sys/fs/cgroup/memory/agents/memory.oom_control', 'under_oom 0\n'],
  ['the whole machine', '0::/\n', 'proc/vmstat', 'nr_free_pages 1\n'],
])('[S134] a kill for want of memory is seen in the counts of %s', (_, cgroup, file, other) => {
  withRoot((write, root) => {
    let now = 0;
    const kills = createMemoryKills(() => now, root);
    write('proc/42/cgroup', cgroup);
    write(file, `${other}oom_kill 3\n`);
    kills.follow('run', 42);
    expect(kills.killed('run')).toBe(false);
    expect(kills.killed('another')).toBe(false);
    write(file, `${other}oom_kill 4\n`);
    // It may have been counted by the timer before the end is seen.
    kills.refresh();
    now = 5000;
    expect(kills.killed('run')).toBe(true);
    now = 60_000;
    expect(kills.killed('run')).toBe(false);
    kills.keep(new Set());
    expect(kills.killed('run')).toBe(false);
  });
});

test('[S134] a program that moves to a group of its own is followed there while it is young', () => {
  withRoot((write, root) => {
    let now = 0;
    const kills = createMemoryKills(() => now, root);
    const move = (group: string): void => write('proc/42/cgroup', `4:memory:/${group}\n`);
    const count = (group: string, value: number): void =>
      write(`sys/fs/cgroup/memory/${group}/memory.oom_control`, `oom_kill ${value}\n`);
    for (const group of ['a', 'b', 'c']) count(group, 0);
    move('a');
    kills.follow('run', 42);
    move('b');
    now = 1000;
    kills.follow('run', 42);
    // Where a process is that has ended, and nothing is asked about an old one.
    rmSync(join(root, 'proc/42'), { recursive: true });
    kills.follow('run', 42);
    move('c');
    now = 60_000;
    kills.follow('run', 42);
    count('c', 1);
    expect(kills.killed('run')).toBe(false);
    count('b', 1);
    expect(kills.killed('run')).toBe(true);
  });
});

test('[S134] where nothing is counted, nothing is said', () => {
  withRoot((_, root) => {
    const kills = createMemoryKills(() => 0, root);
    kills.follow('run', 42);
    expect(kills.killed('run')).toBe(false);
  });
});
