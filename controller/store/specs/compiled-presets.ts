import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Manifest } from '../../api/manifest.ts';

/** An object of a preset's file, as it was validated. */
export interface PresetObject {
  readonly kind: Manifest['kind'];
  readonly name: string;
  readonly object: Manifest;
}

/** By the hash of a file's text: what is in it. */
export type CompiledPresets = Readonly<Record<string, readonly PresetObject[]>>;

/**
 * What the build has parsed and validated of the files that come with the program, so that no verb has to do it again. A
 * file that was changed since has another hash and is read like any other.
 */
export function readCompiledPresets(): CompiledPresets {
  try {
    return JSON.parse(readFileSync(new URL('./presets.json', import.meta.url), 'utf8')) as CompiledPresets;
  } catch {
    // Run from its sources, the program has none.
    return {};
  }
}

export function hashOfText(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
