import type { EnvVar } from '../api/generated/all.ts';
import type { Manifest } from '../api/manifest.ts';
import { absolute } from './options.ts';

/**
 * Makes the relative paths of an object absolute. Such a path starts at the folder of its file, so that it would mean
 * another place once the object is written into a file elsewhere.
 *
 * @param folder absolute
 */
export function anchorPaths<Written extends Manifest>(object: Written, folder: string): Written {
  const anchor = (path: string) => (path === '~' || path.startsWith('~/') ? path : absolute(folder, path));
  if (object.kind === 'AgentClass') return { ...object, spec: withEnv(object.spec, anchor) };
  if (object.kind !== 'Project') return object;
  const { spec } = object;
  return {
    ...object,
    spec: { ...anchored(spec, anchor), agents: spec.agents.map((agent) => anchored(agent, anchor)) },
  };
}

type Anchor = (path: string) => string;

interface Anchored {
  readonly workingDir?: string;
  readonly repo?: string;
  readonly goalFile?: string;
  readonly env?: EnvVar[];
}

function anchored<Part extends Anchored>(part: Part, anchor: Anchor): Part {
  const { workingDir, repo, goalFile } = part;
  return {
    ...withEnv(part, anchor),
    ...(workingDir !== undefined && { workingDir: anchor(workingDir) }),
    ...(repo !== undefined && { repo: anchor(repo) }),
    ...(goalFile !== undefined && { goalFile: anchor(goalFile) }),
  };
}

function withEnv<Part extends { readonly env?: EnvVar[] }>(part: Part, anchor: Anchor): Part {
  return part.env === undefined ? part : { ...part, env: part.env.map((variable) => anchoredEnv(variable, anchor)) };
}

function anchoredEnv(variable: EnvVar, anchor: Anchor): EnvVar {
  const file = variable.valueFrom?.file;
  return file === undefined ? variable : { ...variable, valueFrom: { ...variable.valueFrom, file: anchor(file) } };
}
