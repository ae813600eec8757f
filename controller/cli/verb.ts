import type { Command } from 'commander';
import type { CliDeps } from './ports.ts';

/** Adds a verb to the program. */
export type AddVerb = (program: Command, deps: CliDeps, whole: WholeProgram) => void;

/** The program with all verbs, for those that are about the others. */
export type WholeProgram = () => Promise<Command>;
