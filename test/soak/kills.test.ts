import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { killIn, makeCourse, makeGround } from '../e2e/git/course.ts';
import { cutGit, type Moment } from '../e2e/git/cut-git.ts';
import { type Running, until, withWorld } from '../e2e/support/world.ts';
import { randomFrom } from '../support/random.ts';
import { signalProcess } from '../support/signal-process.ts';

// MUXLET_SOAK_SEED=1 MUXLET_SOAK_ROUNDS=20 npm run test:kills

const { MUXLET_SOAK_SEED = `${Date.now() % 1e6}`, MUXLET_SOAK_ROUNDS = '20' } = process.env;

/** What the controller has git do in each part of a project's course, by its arguments; and what commands are run. */
const PARTS = {
  making: ['update-ref refs', 'worktree add', 'reset --hard', 'rev-parse', 'check-ignore', 'for-each-ref', 'set-up'],
  finishing: [
    'worktree add',
    'merge --no-ff',
    'rev-parse --verify',
    'update-ref -m',
    'worktree unlock',
    'worktree remove',
    'merge-base',
    'push --porcelain',
    'remote',
    'verify',
  ],
  leaving: [
    'status --porcelain=v2',
    'write-tree',
    'add --all',
    'commit-tree',
    'update-ref refs',
    'diff --cached',
    'reset --hard',
    'clean -d',
    'worktree unlock',
    'worktree remove',
    'update-ref -d',
  ],
} as const;
const WHEN: readonly Moment['when'][] = ['before', 'after', 'beside', 'amid'];

/** Everything that it has started and that has not left it: as the kernel ends a group, or a container. */
function withChildren(pid: number): readonly number[] {
  const parents = readdirSync('/proc').flatMap((name): [number, number][] => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    } catch {
      return [];
    }
  });
  const found = new Set([pid]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  return [...found];
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      signalProcess(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

test('the course of projects in work trees, with the controller killed at random moments, ends as without', () =>
  withWorld(async (world) => {
    const [seed, rounds] = [Number(MUXLET_SOAK_SEED), Number(MUXLET_SOAK_ROUNDS)];
    const random = randomFrom(seed);
    const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const ground = makeGround(world);
    const cut = cutGit(world);
    const counts = { kills: 0, moments: 0 };
    const begun = Date.now();
    let said: string[] = [];

    /** A controller runs until it is killed at a moment, or until the part is over without it. */
    async function dieOnce(part: keyof typeof PARTS, isOver: () => boolean): Promise<void> {
      const running: Running = await world.start();
      const isDead = (): boolean => running.process.signalCode !== null;
      const words = oneOf(PARTS[part]);
      const when = oneOf(WHEN);
      if (random() < 0.4) {
        const ms = Math.round(random() * 2500);
        const isAlone = random() < 0.5;
        said.push(`${part}: after ${ms} ms${isAlone ? '' : ', with all that it had started'}`);
        await pause(ms);
        killAll(isAlone ? [running.pid] : withChildren(running.pid));
      } else {
        const file = words === 'set-up' || words === 'verify' ? killIn(world, words) : undefined;
        said.push(`${part}: ${when} ${words}`);
        if (file === undefined) cut.arm({ when, words });
        else writeFileSync(file, '');
        await until('it is killed, or done', () => isDead() || isOver(), 60_000);
        cut.disarm();
        if (file !== undefined && existsSync(file)) rmSync(file);
        if (isDead()) counts.moments += 1;
      }
      await running.end('SIGKILL');
      counts.kills += 1;
    }

    async function through(part: keyof typeof PARTS, isOver: () => boolean): Promise<void> {
      for (let kills = Math.floor(random() * 5); kills > 0; kills -= 1) await dieOnce(part, isOver);
      const running = await world.start();
      await until(`the part is over: ${part}`, isOver, 150_000);
      await running.end();
    }

    for (let round = 1; round <= rounds; round += 1) {
      const course = makeCourse(ground, `web-${round}`);
      said = [];
      try {
        course.begin();
        await through('making', course.isReady);
        course.commit();
        await through('finishing', course.isFinished);
        course.end();
        await through('leaving', course.isGone);
        course.prove();
      } catch (error) {
        throw new Error(`round ${round} of seed ${seed}: ${said.join('; ')}`, { cause: error });
      }
    }
    const seconds = Math.round((Date.now() - begun) / 1000);
    process.stdout.write(
      `${rounds} projects came to the same end; ${counts.kills} kills, ${counts.moments} of them at a chosen git or command; ${seconds} s, seed ${seed}\n`,
    );
    expect(counts.kills).toBeGreaterThan(0);
  }));
