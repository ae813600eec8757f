import { readFileSync } from 'node:fs';
import type { Walk } from './walk.ts';

export interface Change {
  readonly from: string;
  readonly to: string;
}

/** Puts the class of the walk into its specs, with one text in it changed. Before its agent is started. */
export function changeClass({ walked, world }: Walk, { from, to }: Change): void {
  const preset = new URL(`../../../manifests/presets/${walked.name}.yaml`, import.meta.url);
  const text = readFileSync(preset, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} does not stand once in the preset`);
  world.spec('class.yaml', text.replace(from, to));
}
