import { readFileSync } from 'node:fs';
import type { Walk } from './walk.ts';
import type { Change } from './walked-class.ts';

/** Puts the class of the walk into its specs, with a text in it changed wherever it stands. Before its agent is started. */
export function changeClass({ walked, world }: Walk, { from, to }: Change): void {
  const preset = new URL(`../../../manifests/presets/${walked.name}.yaml`, import.meta.url);
  const text = readFileSync(preset, 'utf8');
  if (!text.includes(from)) throw new Error(`${JSON.stringify(from)} does not stand in the preset`);
  world.spec('class.yaml', text.replaceAll(from, to));
}
