import type { CliDeps, Finished, Places } from '../ports.ts';
import type { Notice, Target } from './model.ts';
import { plain } from './text.ts';

const TIMEOUT_MS = 60_000;

type Deps = Pick<CliDeps, 'programs' | 'self' | 'env'>;

/** The verbs that keys stand for: the very same programs, beside us, so that nothing here waits for one or falls with it. */
export interface Verbs {
  send(target: Target, text: string): Promise<Notice>;
  suspend(project: string): Promise<Notice>;
  resume(project: string): Promise<Notice>;
  reset(project: string): Promise<Notice>;
  /** On our own terminal; gives what there is to tell. */
  attach(target: Target): Promise<Notice | undefined>;
}

export function createVerbs({ programs, self, env }: Deps, places: Places): Verbs {
  const flags = ['--specs', places.specs, '--state', places.state, '--tmux-socket', places.socket];
  const argvOf = (words: readonly string[]): readonly string[] => [...self.argv, ...words];
  const run = (...words: readonly string[]): Promise<Finished> =>
    programs.run(argvOf(words), { timeoutMs: TIMEOUT_MS });

  return {
    async send({ project, agent }, text) {
      const to = agent === undefined ? project : `${project}/${agent}`;
      // A dash alone would be standard input.
      const result = await run('send', ...flags, '--to', to, '--', ...(text === '-' ? ['-', ''] : [text]));
      return result.ok ? done(`${firstLine(result.stdout)} is on its way to ${to}`) : failed(result);
    },
    async suspend(project) {
      return noticeOf(await run('suspend', ...flags, `project/${project}`));
    },
    async resume(project) {
      return noticeOf(await run('resume', ...flags, `project/${project}`));
    },
    async reset(project) {
      return noticeOf(await run('reset', ...flags, '--yes', `project/${project}`));
    },
    async attach({ project, agent }) {
      const words = ['attach', ...flags, project, ...(agent === undefined ? [] : ['-a', agent])];
      const code = await programs.runInTerminal(argvOf(words), env);
      return code === 0
        ? undefined
        : { type: 'Failed', text: `attach ended with ${code}: see 'muxlet attach ${project}'` };
    },
  };
}

function noticeOf(result: Finished): Notice {
  if (!result.ok) return failed(result);
  const remark = firstLine(result.stderr);
  return done([firstLine(result.stdout), ...(remark === '' ? [] : [remark])].join('; '));
}

function done(text: string): Notice {
  return { type: 'Done', text };
}

function failed({ stderr }: Finished): Notice {
  return { type: 'Failed', text: firstLine(stderr) || 'it failed, and did not say why' };
}

function firstLine(text: string): string {
  return plain(text.split('\n').find((line) => line.trim() !== '') ?? '').trim();
}
