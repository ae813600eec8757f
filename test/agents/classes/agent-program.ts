// What a walk must know of a program to start it and to read its screen. Texts and files are those of the pinned
// versions (programs/); these tables are the tests' own, so that a wrong AgentClass cannot agree with itself.
import { pathWith, programOf } from '../programs.mjs';
import type { World } from '../support/world.ts';

export interface AgentProgram {
  readonly name: string;
  /** Writes the answers to first-run questions into the world's home. */
  readonly arrange: (world: World) => void;
  readonly env: (world: World) => Readonly<Record<string, string>>;
  /** What follows the program's name. */
  readonly args: (prompt: string | undefined) => readonly string[];
  /** Shown when a message may be sent. */
  readonly ready: RegExp;
  /** Shown when the service refuses the credential for good. */
  readonly refused: RegExp;
  readonly quit: string;
}

export interface Launch {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export function launchOf(program: AgentProgram, world: World, prompt?: string): Launch {
  program.arrange(world);
  const { name, bin } = programOf(program.name);
  const env = {
    HOME: world.home,
    PATH: pathWith(programOf(name)),
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    ...program.env(world),
  };
  return { argv: [`${bin}/${name}`, ...program.args(prompt)], env, cwd: world.directory };
}
