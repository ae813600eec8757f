import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExportedRevision } from '../../../controller/api/git-revision.ts';
import { layoutOfSource } from '../../../controller/store/sources/layout.ts';
import type { RevisionReader } from '../../../controller/store/sources/revision-reader.ts';
import { type TakeRequest, takeRevision } from '../../../controller/store/sources/take-revision.ts';

const digest = (text: string): string => createHash('sha1').update(text).digest('hex');

export function gitSource(name: string): string {
  return `apiVersion: muxlet.dev/v1alpha1
kind: GitSource
metadata: {name: ${name}}
spec: {url: /repository}
`;
}

/** A revision as the hands leave it: its files in a folder, and their names. */
function exported(state: string, name: string, files: Readonly<Record<string, string>>): ExportedRevision {
  const commit = digest(JSON.stringify(files));
  const folder = `${commit}-00000000`;
  for (const [file, text] of Object.entries(files)) {
    const path = join(layoutOfSource(state, name).revisions, folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const specs = Object.entries(files).filter(([file]) => file.endsWith('.yaml'));
  return {
    revision: `main@sha1:${commit}`,
    commit,
    path: '',
    url: '/repository',
    folder,
    files: specs.map(([path, text]) => ({ path, oid: digest(`blob ${Buffer.byteLength(text)}\0${text}`) })),
  };
}

export interface TakeOptions {
  readonly state: string;
  readonly reader: RevisionReader;
  readonly prune?: boolean;
  readonly known?: TakeRequest['known'];
}

export function take(
  name: string,
  files: Readonly<Record<string, string>>,
  { state, reader, prune = true, known }: TakeOptions,
) {
  return takeRevision(state, reader, {
    name,
    exported: exported(state, name, files),
    prune,
    now: 0,
    ...(known !== undefined && { known }),
  });
}
