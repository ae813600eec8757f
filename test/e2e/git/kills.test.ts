import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Running, until, withWorld } from '../support/world.ts';
import { killIn, makeCourse, makeGround } from './course.ts';
import { cutGit, type Moment } from './cut-git.ts';

type Point = Moment | 'set-up' | 'verify';

const MAKING: readonly Point[] = [
  { when: 'after', words: 'worktree add' },
  { when: 'beside', words: 'reset --hard' },
  'set-up',
];
const FINISHING: readonly Point[] = [
  { when: 'before', words: 'merge --no-ff' },
  { when: 'before', words: 'update-ref -m muxlet' },
  'verify',
  { when: 'after', words: 'push --porcelain' },
];
const LEAVING: readonly Point[] = [
  { when: 'before', words: 'clean -d' },
  { when: 'amid', words: 'worktree remove' },
  { when: 'before', words: 'update-ref -d' },
];

test(
  '[S114] [S115] [S151] a controller that is killed in the middle of anything: the next one comes to the same end',
  () =>
    withWorld(async (world) => {
      const ground = makeGround(world);
      const course = makeCourse(ground, 'web');
      const cut = cutGit(world);
      let running: Running | undefined;

      /** Has a controller run up to each of these moments, and killed there. */
      async function through(points: readonly Point[]): Promise<void> {
        for (const point of points) {
          const file = typeof point === 'string' ? killIn(world, point) : undefined;
          if (file !== undefined) writeFileSync(file, '');
          else if (typeof point !== 'string') cut.arm(point);
          running ??= await world.start();
          const { process } = running;
          const isMet = (): boolean => (file === undefined ? cut.isMet() : !existsSync(file));
          await until(
            `it is killed at ${JSON.stringify(point)}`,
            () => isMet() && process.signalCode === 'SIGKILL',
            30_000,
          );
          running = undefined;
        }
        running = await world.start();
      }

      course.begin();
      await through(MAKING);
      await until('its agents work', course.isReady);
      course.commit();
      await through(FINISHING);
      await until('it has finished', course.isFinished, 30_000);
      course.end();
      await through(LEAVING);
      await until('it is gone', course.isGone, 30_000);
      course.prove();
      expect(running).toBeDefined();
    }),
  120_000,
);
