import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../../docs/support/blocks.ts';
import { killMarked, MAIN } from '../../support/world.ts';
import { openShell, type Shell } from './shell.ts';

/** The machine of somebody who reads: an empty home, a checkout in it, tmux sockets of its own, and a shell in the checkout. */
export interface ReadingWorld {
  readonly home: string;
  readonly checkout: string;
  /** What pages write in place of `home`. */
  readonly shownHome: string;
  readonly shell: Shell;
  /** What was looked at here already, and need not be again. */
  readonly seen: Set<string>;
  /** A command of a page, for this machine: its address of the controller, names in place of PROJECT and the like. */
  toRun(text: string): string;
  /** What a command printed, in the words of the pages. */
  asShown(text: string): string;
  /** Where the controller of this world listens. */
  listensAt(address: string): void;
  close(): void;
}

const SHOWN_HOME = '/home/sam';
const SHOWN_ADDRESS = '127.0.0.1:9779';

export function openReadingWorld(): ReadingWorld {
  const root = mkdtempSync(join(tmpdir(), 'mx-docs-'));
  const home = join(root, 'home');
  const checkout = join(home, 'muxlet');
  const sockets = join(root, 'tmux');
  for (const folder of [home, sockets, checkout, join(home, 'bin')])
    mkdirSync(folder, { mode: 0o755, recursive: true });
  chmodSync(sockets, 0o700);
  layOut(checkout);
  program(join(home, 'bin'), 'npx', `[ "$1" = muxlet ] && shift\nexec ${process.execPath} ${MAIN} "$@"`);
  program(join(home, 'bin'), 'muxlet', `exec ${process.execPath} ${MAIN} "$@"`);
  program(
    join(home, 'bin'),
    'npm',
    `[ "$1" = start ] || exit 1\nshift\n[ "$1" = -- ] && shift\nexec ${process.execPath} ${MAIN} run "$@"`,
  );
  writeFileSync(
    join(home, '.gitconfig'),
    '[user]\n\tname = Sam\n\temail = sam@example.com\n[init]\n\tdefaultBranch = main\n',
  );
  writeFileSync(join(home, '.terminal.conf'), 'set-option -g remain-on-exit on\n');
  const env = {
    PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    HOME: home,
    USER: 'sam',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    SHELL: '/bin/bash',
    EDITOR: 'true',
    GIT_CONFIG_NOSYSTEM: '1',
    TMUX_TMPDIR: sockets,
    MUXLET_LISTEN: '127.0.0.1:0',
    NO_COLOR: '1',
  };
  const shell = openShell(env, checkout, BEFOREHAND);
  let address = SHOWN_ADDRESS;
  return {
    home,
    checkout,
    shownHome: SHOWN_HOME,
    shell,
    seen: new Set(),
    toRun: (text) =>
      NAMES.reduce((rest, [word, name]) => rest.replaceAll(word, name), text).replaceAll(SHOWN_ADDRESS, address),
    asShown: (text) => text.replaceAll(home, SHOWN_HOME).replaceAll(address, SHOWN_ADDRESS),
    listensAt: (found) => {
      address = found;
    },
    close: () => {
      shell.end();
      killMarked(sockets);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * What pages have before a command without showing it (a program that stands in for another one, a repository), and the first
 * terminal of a reader, in which a program goes on until Ctrl-C.
 */
const BEFOREHAND = `
terminal() { tmux -L terminal -f ~/.terminal.conf "$@"; }
ctrl_c() {
  terminal has-session 2> /dev/null || return 0
  terminal send-keys -t first C-c
  while terminal list-panes -t first -F '#{pane_dead}' 2> /dev/null | grep -q 0; do sleep 0.02; done
  terminal kill-server
}
in_first_terminal() {
  ctrl_c
  terminal new-session -d -s first -x 250 -y 200 -c "$PWD" "env -u TMUX -u TMUX_PANE $1"
}
first_terminal() { terminal capture-pane -p -J -S - -t first; }

stand_in() { ln -sf ${fileURLToPath(new URL('.', import.meta.url))}"$1.mjs" ~/bin/"$1"; }
repository() {
  mkdir -p "$1/src" && git -C "$1" init -q && echo '{"scripts": {"test": "true"}}' > "$1/package.json" || return
  mkdir "$1/specs" && touch "$1/specs/.keep" "$1/README.md"
  for name in cart tax; do echo 'export {};' > "$1/src/$name.js"; done
  git -C "$1" add . && git -C "$1" commit -q -m Shop
}
fleet() {
  stand_in claude
  for name in src/web src/shop agents; do [ -d ~/$name ] || repository ~/$name || return; done
  sed "s|/home/sam|$HOME|" ${fileURLToPath(new URL('fleet.yaml', import.meta.url))} > specs/fleet.yaml
  muxlet wait project/web project/shop --for condition=Ready
}
`;

/** What a reader puts in place of a word in capitals. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/(?<=(?:alert|queue|alert test) )NAME\b/g, 'night'],
  [/(?<=gitsource )NAME\b/g, 'team'],
  [/(?<=message )NAME\b/g, 'nightly'],
  [/(?<![$\w{])(?:NAME|PROJECT)\b/g, 'shop'],
  [/(?<![$\w{])AGENT\b/g, 'dev'],
  [/(?<![$\w{])CLASS\b/g, 'claude'],
  [/(?<=agents\/)UID\b/g, '*'],
];

/** What a clone holds that pages speak of. */
function layOut(checkout: string): void {
  cpSync(join(ROOT, 'specs'), join(checkout, 'specs'), { recursive: true });
  cpSync(join(ROOT, 'manifests'), join(checkout, 'manifests'), { recursive: true });
  for (const name of ['docs', 'package.json']) symlinkSync(join(ROOT, name), join(checkout, name));
}

function program(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}
