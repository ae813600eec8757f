import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../support/world.ts';

/**
 * When the controller is killed: before a git with these words begins (which then does not), after it has ended, while it
 * goes on without the controller, or together with it in the middle of it.
 */
export interface Moment {
  readonly when: 'before' | 'after' | 'beside' | 'amid';
  /** Follow one another in git's arguments. */
  readonly words: string;
}

export interface CutGit {
  /** The next controller to reach it is killed there. */
  arm(moment: Moment): void;
  disarm(): void;
  isMet(): boolean;
}

/** Puts a program in git's place, for controllers of this world that are started later. */
export function cutGit(world: World): CutGit {
  const folder = join(world.root, 'cut');
  const file = join(folder, 'moment');
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  mkdirSync(folder);
  const script = `#!/bin/sh
[ -e '${file}' ] && read -r when words <'${file}' || exec ${git} "$@"
case " $* " in *" $words "*) ;; *) exec ${git} "$@" ;; esac
mv '${file}' '${file}.met' 2>/dev/null || exec ${git} "$@"
case $when in
before) kill -9 $PPID ;;
after) ${git} "$@"; kill -9 $PPID ;;
beside) kill -9 $PPID; exec ${git} "$@" ;;
amid) ${git} "$@" & sleep 0.005; kill -9 $! $PPID ;;
esac
`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  world.env['PATH'] = `${folder}:${world.env['PATH']}`;
  return {
    arm({ when, words }) {
      // Whole, or not there.
      writeFileSync(`${file}.next`, `${when} ${words}\n`);
      renameSync(`${file}.next`, file);
    },
    disarm() {
      if (existsSync(file)) renameSync(file, `${file}.unmet`);
    },
    isMet: () => !existsSync(file),
  };
}
