import type { Command } from 'commander';
import { addPairsVerb } from './pairs.ts';
import type { CliDeps } from './ports.ts';

export function addLabel(program: Command, deps: CliDeps): void {
  addPairsVerb(program, deps, { name: 'label', field: 'labels', done: 'labeled' });
}
