import { homedir } from 'node:os';
import type { Places } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { createSpecSource, type SpecSource } from '../store/specs/spec-source.ts';

/** The specs as they stand now, for verbs that only look. */
export async function loadSpecs({ specs: directory, state }: Places, presets: string): Promise<SpecSource> {
  const specs = createSpecSource({ directory, presets, state, clock: systemClock, home: homedir(), readOnly: true });
  await specs.reload();
  return specs;
}
