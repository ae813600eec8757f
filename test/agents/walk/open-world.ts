import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { type World, withWorld } from '../../e2e/support/world.ts';
import { writeFile } from '../support/world.ts';

/** A world that lasts until it is closed. */
export async function openWorld(): Promise<{ readonly world: World; readonly close: () => Promise<void> }> {
  let letGo = () => {};
  const closing = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let over: Promise<void> = Promise.resolve();
  const world = await new Promise<World>((resolve, reject) => {
    over = withWorld((opened) => {
      resolve(opened);
      return closing;
    });
    over.catch(reject);
  });
  return {
    world,
    close: () => {
      letGo();
      return over;
    },
  };
}

export function makeRepository(directory: string): void {
  writeFile(`${directory}/README.md`, '# A repository to work in\n');
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const env = { PATH: process.env['PATH'] ?? '' };
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', directory, ...args], { stdio: 'ignore', env });
  git('init', '--initial-branch=main');
  git('add', '.');
  git(...author, 'commit', '--message=First');
}
