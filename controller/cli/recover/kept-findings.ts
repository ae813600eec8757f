import { quoteArgv } from '../../api/quote-argv.ts';
import type { KeptThing } from '../../reconcile/leftovers/kept-work.ts';
import type { Finding } from './finding.ts';

/** Kept work, with what shows it and what lets it go. */
export function keptFinding({ project, tree, repository, where }: KeptThing): Finding {
  const git = (...args: readonly string[]): string => quoteArgv(['git', '-C', repository, ...args]);
  const object = `project/${project}`;
  switch (where.type) {
    case 'Ref': {
      const cause = `work of ${tree} was saved under ${where.name}`;
      const [next, letGo] = [git('log', '--stat', '-3', where.name), git('update-ref', '-d', where.name)];
      return { object, state: 'Kept', cause, next, letGo };
    }
    case 'Branch': {
      const cause = `branch ${where.name} was left when its project went`;
      const [next, letGo] = [git('log', '--stat', '-3', where.name), git('branch', '-D', where.name)];
      return { object, state: 'Kept', cause, next, letGo };
    }
    case 'WorkTree': {
      const cause = `the work tree ${where.path} of ${tree} was left with what is uncommitted in it`;
      const letGo = git('worktree', 'remove', '--force', where.path);
      return { object, state: 'Kept', cause, next: quoteArgv(['git', '-C', where.path, 'status']), letGo };
    }
  }
}
