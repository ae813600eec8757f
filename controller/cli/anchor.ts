import type { AgentClass, EnvVar, Project } from '../api/generated/all.ts';
import { absolute } from './options.ts';

/**
 * Makes the relative paths of an object absolute. Such a path starts at the folder of its file, so that it would mean
 * another place once the object is written into a file elsewhere.
 *
 * @param folder absolute
 */
export function anchorPaths<Spec extends Project | AgentClass>(object: Spec, folder: string): Spec {
  const anchor = (path: string) => (path === '~' || path.startsWith('~/') ? path : absolute(folder, path));
  if (object.kind === 'AgentClass') return { ...object, spec: withEnv(object.spec, anchor) };
  const { spec } = object;
  return {
    ...object,
    spec: { ...anchored(spec, anchor), agents: spec.agents.map((agent) => anchored(agent, anchor)) },
  };
}

type Anchor = (path: string) => string;

interface Anchored {
  readonly workingDir?: string;
  readonly env?: EnvVar[];
}

function anchored<Part extends Anchored>(part: Part, anchor: Anchor): Part {
  const { workingDir } = part;
  return { ...withEnv(part, anchor), ...(workingDir !== undefined && { workingDir: anchor(workingDir) }) };
}

function withEnv<Part extends { readonly env?: EnvVar[] }>(part: Part, anchor: Anchor): Part {
  return part.env === undefined ? part : { ...part, env: part.env.map((variable) => anchoredEnv(variable, anchor)) };
}

function anchoredEnv(variable: EnvVar, anchor: Anchor): EnvVar {
  const file = variable.valueFrom?.file;
  return file === undefined ? variable : { ...variable, valueFrom: { ...variable.valueFrom, file: anchor(file) } };
}
