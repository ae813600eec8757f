import { resolve } from 'node:path';
import type { SpecKind } from '../../api/kinds.ts';
import type { Problem } from '../../api/problem.ts';
import { createFileReader } from './file-reader.ts';
import { fold } from './fold.ts';
import { byPlace } from './problem-order.ts';
import { scanDirectory } from './scan-directory.ts';
import type { ObjectPlace, PlacedObject } from './validate-text.ts';

/** Where an object stands in the specs directory. */
export interface Located extends ObjectPlace {
  /** Absolute. */
  readonly file: string;
  /** Present if it is valid. */
  readonly object?: PlacedObject['object'];
}

export interface Inspection {
  /** In the order of files, and of objects in them; an object that stands twice is here twice. */
  readonly objects: readonly Located[];
  readonly problems: readonly Problem[];
}

/** Reads a whole directory once, for verbs: what stands where, and what is wrong. Never throws, and writes nothing. */
export function inspectDirectory(directory: string, options: { readonly allowInsecure?: boolean } = {}): Inspection {
  const scan = scanDirectory({ directory, allowInsecure: options.allowInsecure ?? false });
  const reader = createFileReader();
  const files = scan.files.map((file) => ({ ...file, result: reader.read(file, 0), suspended: false }));
  const { problems } = fold({ ...scan, files, lastGood: new Map(), presets: new Map() });
  return {
    objects: files.flatMap(({ path, result: { places, objects } }) =>
      places.map((place) => {
        const object = objects.find(
          (one) => one.documentIndex === place.documentIndex && one.itemIndex === place.itemIndex,
        );
        return { file: resolve(path), ...place, ...(object !== undefined && { object: object.object }) };
      }),
    ),
    problems: [...scan.problems, ...problems].sort(byPlace),
  };
}

/** Every place where the object stands; more than one is a mistake that a verb must refuse. */
export function locateObject(directory: string, kind: SpecKind, name: string): readonly Located[] {
  // A verb that writes must find the object in a directory that the controller does not trust as well.
  const { objects } = inspectDirectory(directory, { allowInsecure: true });
  return objects.filter((place) => place.kind === kind && place.name === name);
}
