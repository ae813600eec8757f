import type { Command } from 'commander';
import { addPairsVerb } from './pairs.ts';
import type { CliDeps } from './ports.ts';

export function addAnnotate(program: Command, deps: CliDeps): void {
  addPairsVerb(program, deps, { name: 'annotate', field: 'annotations', done: 'annotated' });
}
