import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

/** Gives the controller a wall clock that the test can set: real time plus an offset in milliseconds, read from a file. */
export function giveClock(world: World): (offset: number) => void {
  const offset = join(world.root, 'offset');
  const preload = join(world.root, 'clock.mjs');
  writeFileSync(offset, '0');
  writeFileSync(
    preload,
    `import { readFileSync } from 'node:fs';
    const real = Date.now;
    let read = 0;
    let offset = 0;
    Date.now = () => {
      const time = real();
      if (time - read > 5) {
        read = time;
        offset = Number(readFileSync(${JSON.stringify(offset)}, 'utf8'));
      }
      return time + offset;
    };`,
  );
  Object.assign(world.env, { NODE_OPTIONS: `--import ${preload}` });
  return (value) => {
    writeFileSync(`${offset}.new`, `${value}`);
    renameSync(`${offset}.new`, offset);
  };
}
