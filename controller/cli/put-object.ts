import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { AgentClass, Project } from '../api/generated/all.ts';
import { MuxletError } from '../api/errors.ts';
import { hashOf } from '../api/metadata.ts';
import { formatProblem } from '../api/problem.ts';
import { anchorPaths } from './anchor.ts';
import type { Places, SpecObject, SpecsView } from './ports.ts';
import type { Change } from './render/changes.ts';
import { replaceObject, validateText } from './spec-text.ts';
import type { SpecFiles } from './write-specs.ts';

export interface PutContext {
  readonly places: Places;
  /** The specs as they stand, read under the lock. */
  readonly specs: SpecsView;
  readonly files: SpecFiles;
}

export interface NewObject {
  readonly object: Project | AgentClass;
  /** Absolute path of the file that it was read from, if it was. */
  readonly file?: string;
  /** Absolute folder that its relative paths start from. */
  readonly folder: string;
}

/** Puts an object into the specs: where it stands already, or else into a file of its own. */
export async function putObject(next: NewObject, context: PutContext): Promise<Change> {
  const { kind, metadata } = next.object;
  const { name } = metadata;
  const standing = findSpec(context.specs, kind, name);
  if (standing?.file === undefined) {
    refuseBroken(context.specs, kind, name);
    await writeNew(next, context);
    return { kind, name, verb: 'created' };
  }
  if (next.file !== undefined && (await sameFile(next.file, standing.file))) return { kind, name, verb: 'unchanged' };
  const folder = dirname(standing.file);
  const wanted = folder === next.folder ? next.object : anchorPaths(next.object, next.folder);
  if (hashOf(anchorPaths(standing.object, folder)) === hashOf(anchorPaths(wanted, next.folder))) {
    return { kind, name, verb: 'unchanged' };
  }
  const text = (await context.files.read(standing.file)) ?? '';
  context.files.put(standing.file, replaceObject(text, { kind, name }, wanted));
  return { kind, name, verb: 'configured' };
}

export function findSpec({ objects }: SpecsView, kind: string, name: string): SpecObject | undefined {
  return objects.find(({ object, file }) => file !== undefined && object.kind === kind && object.metadata.name === name);
}

/** An object whose file is broken stands there all the same: a second one elsewhere would only be a duplicate. */
export function refuseBroken({ problems }: SpecsView, kind: string, name: string): void {
  const own = problems.filter(({ severity, object }) => severity === 'Error' && object?.kind === kind && object.name === name);
  if (own.length === 0) return;
  throw new MuxletError('MUX_SPEC_INVALID', `the file that holds it has errors:\n${own.map(formatProblem).join('\n')}`, {
    hint: 'repair the file first',
  });
}

async function writeNew({ object, folder }: NewObject, { places, files }: PutContext): Promise<void> {
  const file = newFile(places, object);
  const text = stringify(folder === places.specs ? object : anchorPaths(object, folder), { lineWidth: 0 });
  const present = await files.read(file);
  if (present === undefined) return files.put(file, text);
  const problem = validateText(present, file).problems.find(({ severity }) => severity === 'Error');
  if (problem !== undefined) {
    throw new MuxletError('MUX_SPEC_INVALID', `${file} is there and has errors: ${formatProblem(problem)}`);
  }
  files.put(file, present.trim() === '' ? text : `${present.replace(/\n?$/, '\n')}---\n${text}`);
}

/** Where a new object is written to. */
export function newFile({ specs }: Places, { kind, metadata: { name } }: Project | AgentClass): string {
  return join(specs, kind === 'Project' ? `${name}.yaml` : `${kind.toLowerCase()}-${name}.yaml`);
}

async function sameFile(a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => path)));
  return realA === realB;
}
