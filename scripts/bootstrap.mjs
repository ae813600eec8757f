// What `npm start` and `npm test` do first on any machine: bring Node packages, dist/, tmux and git into place, or say in
// one line what a person must do. Needs Node and npm alone, never prompts, and costs a few ms when all is well.
import process from 'node:process';
import { checkNode } from './bootstrap/node-version.mjs';
import { installPackages } from './bootstrap/packages.mjs';
import { installPrograms } from './bootstrap/programs.mjs';
import { build } from './build.mjs';

/** Ends the process with exit code 1 and one line on stderr if something is missing that it may not install. */
export async function bootstrap() {
  for (const step of [checkNode, installPackages, installPrograms, build]) {
    const complaint = await step();
    if (complaint === undefined) continue;
    process.stderr.write(`muxlet: ${complaint}\n`);
    process.exit(1);
  }
}
