import { readCurrent, readKept, sourcesOnDisk } from './source-files.ts';

/** Where an object comes from that no file of specs/ holds. */
export type Origin =
  | {
      readonly type: 'InForce';
      readonly source: string;
      readonly url: string;
      readonly revision: string;
      readonly commit: string;
      /** From the folder that spec.path names. */
      readonly file: string;
    }
  /** It is not in the repository any more, and was kept. */
  | { readonly type: 'Kept'; readonly source: string; readonly file: string };

interface ObjectId {
  readonly kind: string;
  readonly name: string;
}

/** Undefined if no GitSource knows the object. Only reads. */
export function findOrigin(state: string, id: ObjectId): Origin | undefined {
  let kept: Origin | undefined;
  for (const source of sourcesOnDisk(state) ?? []) {
    const current = readCurrent(state, source);
    const found = current?.objects.find(({ kind, name }) => kind === id.kind && name === id.name);
    if (current !== undefined && found !== undefined) {
      const { url, revision, commit } = current;
      return { type: 'InForce', source, url, revision, commit, file: found.file };
    }
    const left = readKept(state, source).objects.find(
      ({ object }) => object.kind === id.kind && object.metadata.name === id.name,
    );
    if (left !== undefined) kept ??= { type: 'Kept', source, file: left.path };
  }
  return kept;
}
