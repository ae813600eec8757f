import type { DesiredCompletion, DesiredRule, DesiredSign } from './completing.ts';
import type { DesiredIntegration, DesiredVerification } from './finishing.ts';
import type { CompletionRule, Project, ProjectSpec, RepositoryCredentials } from './generated/all.ts';
import { intervalMs } from './interval.ts';
import { hashOf } from './metadata.ts';
import { absolute, type PathContext } from './spec-path.ts';
import type { DesiredCredentials, DesiredRepository, DesiredWorkspace, DesiredWorkTree } from './workspace.ts';

export interface GitContext extends PathContext {
  /** The state directory, absolute. */
  readonly state: string;
}

/** Whether git would clone it from somewhere else: `scheme://…`, or `host:path` as ssh has it. */
export function isAddress(repo: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(repo) || /^[^/.~][^/:]*:/.test(repo);
}

/** Undefined where the agents work in directories that are none of ours. */
export function workspaceOf({ metadata, spec }: Project, context: GitContext): DesiredWorkspace | undefined {
  const { workTree = {}, ref } = spec;
  if (spec.repo === undefined) return undefined;
  const repo = repositoryOf(spec, spec.repo, context);
  const policy = workTree.policy ?? (repo.type === 'Remote' ? 'PerAgent' : 'None');
  if (policy === 'None') return undefined;
  const isBeside = workTree.location === undefined ? repo.type === 'Local' : workTree.location === 'Beside';
  const trees = isBeside && repo.type === 'Local' ? `${repo.path}.worktrees` : `${context.state}/worktrees`;
  const { setUp } = workTree;
  return {
    repo,
    ...(ref !== undefined && { ref }),
    policy,
    root: `${trees}/${metadata.name}`,
    files: workTree.files ?? [],
    ...(setUp !== undefined && { setUp: { argv: setUp.command, timeoutMs: intervalMs(setUp.timeout ?? '10m') } }),
    remindAfterMs: intervalMs(workTree.remindAfter ?? '30m'),
    onDelete: workTree.onDelete ?? 'Keep',
  };
}

function repositoryOf(spec: ProjectSpec, repo: string, context: GitContext): DesiredRepository {
  if (!isAddress(repo)) return { type: 'Local', path: absolute(repo, context) };
  // What follows a question mark may be a token, and is no name for a folder.
  const [place = ''] = repo.split('?');
  const stem = (/([^/:]+?)(\.git)?\/*$/.exec(place)?.[1] ?? 'repository').replaceAll(/[^A-Za-z0-9._-]/g, '-');
  const credentials = spec.credentials === undefined ? undefined : credentialsOf(spec.credentials, context);
  return {
    type: 'Remote',
    url: repo,
    path: `${context.state}/repositories/${stem}-${hashOf({ repo }).slice(0, 12)}`,
    ...(credentials !== undefined && { credentials }),
  };
}

function credentialsOf(credentials: RepositoryCredentials, context: PathContext): DesiredCredentials {
  const { username = 'git', password, identityFile, knownHostsFile } = credentials;
  const { file, env } = password ?? {};
  return {
    username,
    ...(file !== undefined && { passwordFrom: { file: absolute(file, context) } }),
    ...(env !== undefined && { passwordFrom: { env } }),
    ...(identityFile !== undefined && { identityFile: absolute(identityFile, context) }),
    ...(knownHostsFile !== undefined && { knownHostsFile: absolute(knownHostsFile, context) }),
  };
}

/** An agent's work tree; `shared` where all have one. */
export function workTreeOf(
  { root, policy }: DesiredWorkspace,
  { project, agent }: { readonly project: string; readonly agent: string },
): DesiredWorkTree {
  const name = policy === 'Shared' ? 'shared' : agent;
  return { path: `${root}/${name}`, branch: `muxlet/${project}/${name}` };
}

export function integrationOf({ metadata, spec }: Project, context: PathContext): DesiredIntegration | undefined {
  const { integration, credentials, repo } = spec;
  if (integration === undefined || integration.policy === 'None') return undefined;
  const { onConflict = 'Hub', rounds = 3, fastForward, push, pullRequest } = integration;
  const branch = push?.branch ?? `muxlet/${metadata.name}/integration`;
  return {
    onConflict,
    rounds,
    ...(fastForward !== undefined && { fastForward }),
    ...(push !== undefined && { push: { remote: push.remote ?? 'origin', branch } }),
    ...(pullRequest !== undefined && {
      pullRequest: { argv: pullRequest.command, timeoutMs: intervalMs(pullRequest.timeout ?? '5m') },
    }),
    ...(credentials !== undefined && { credentials: credentialsOf(credentials, context) }),
    ...(repo !== undefined && isAddress(repo) && { address: repo }),
  };
}

export function verificationOf({ verification }: ProjectSpec): DesiredVerification | undefined {
  if (verification === undefined) return undefined;
  return {
    commands: verification.commands.map(({ argv, timeout = '10m' }) => ({ argv, timeoutMs: intervalMs(timeout) })),
    rounds: verification.rounds ?? 3,
  };
}

export function completionOf({ completion, agents }: ProjectSpec): DesiredCompletion | undefined {
  if (completion === undefined) return undefined;
  const everybody = agents.map(({ name }) => name);
  const rules = completion.rules.flatMap((rule, index): DesiredRule[] => {
    const sign = signOf(rule);
    if (sign === undefined) return [];
    const name = rule.name ?? `${sign.type.toLowerCase()}-${index + 1}`;
    return [{ name, agents: rule.agents ?? everybody, of: rule.of ?? 'All', sign }];
  });
  return { require: completion.require ?? 'All', quorum: completion.quorum ?? rules.length, rules };
}

function signOf({
  report,
  commits,
  plan,
  file,
  command,
  judge,
  idle,
  screen,
}: CompletionRule): DesiredSign | undefined {
  if (report !== undefined) return { type: 'Report' };
  if (commits !== undefined) {
    const { atLeast = 1, matching } = commits;
    return { type: 'Commits', atLeast, ...(matching !== undefined && { matching }) };
  }
  if (plan !== undefined) return { type: 'Plan', file: plan.file };
  if (file !== undefined) {
    const { path, matching } = file;
    return { type: 'File', path, ...(matching !== undefined && { matching }) };
  }
  if (command !== undefined) {
    const { argv, timeout = '1m', every = '1m' } = command;
    return { type: 'Command', argv, timeoutMs: intervalMs(timeout), everyMs: intervalMs(every) };
  }
  if (judge !== undefined) {
    const { argv, timeout = '5m', every = '5m' } = judge;
    return { type: 'Judge', argv, timeoutMs: intervalMs(timeout), everyMs: intervalMs(every) };
  }
  if (idle !== undefined) return { type: 'Idle', forMs: intervalMs(idle.for ?? '10m') };
  if (screen !== undefined) return { type: 'Screen', matching: screen.matching };
  return undefined;
}
