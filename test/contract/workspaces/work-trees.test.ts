import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWorkTrees, type SuitePlace } from '../../support/work-trees/suite.ts';
import { makeWorkspacesPlace } from '../support/workspaces-place.ts';

function makePlace(): SuitePlace {
  const place = makeWorkspacesPlace();
  const { git, tree } = place;
  writeFileSync(join(place.repository, 'a'), 'one');
  git(['add', 'a']);
  git(['commit', '--quiet', '-m', 'a']);
  let landed = 0;
  const refs = (prefix: string): ReadonlyMap<string, string> =>
    new Map(
      git(['for-each-ref', '--format=%(refname) %(objectname)', prefix])
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' ') as [string, string]),
    );
  return {
    ...place,
    person: {
      write(agent, file, text) {
        if (text === null) rmSync(join(tree(agent), file));
        else writeFileSync(join(tree(agent), file), text);
      },
      files(agent) {
        try {
          const names = readdirSync(tree(agent)).filter((name) => statSync(join(tree(agent), name)).isFile());
          const seen = names.filter((name) => name !== '.git');
          return Object.fromEntries(seen.map((name) => [name, readFileSync(join(tree(agent), name), 'utf8')]));
        } catch {
          return undefined;
        }
      },
      commit(agent) {
        git(['add', '--all'], tree(agent));
        git(['commit', '--quiet', '-m', 'work'], tree(agent));
        return git(['rev-parse', 'HEAD'], tree(agent));
      },
      branchOf: (agent) => git(['symbolic-ref', '--short', 'HEAD'], tree(agent)),
      refs,
      fileAt(commit, file) {
        try {
          return place.read(commit, file);
        } catch {
          return undefined;
        }
      },
      checkOut(branch) {
        git(['worktree', 'add', '--quiet', '-b', branch, join(place.root, 'elsewhere')]);
      },
      land(commit) {
        landed += 1;
        git(['branch', `landed-${landed}`, commit]);
      },
      removeFolder: (agent) => rmSync(tree(agent), { recursive: true }),
      removeLink: (agent) => rmSync(join(tree(agent), '.git')),
      putFolder(agent) {
        mkdirSync(tree(agent), { recursive: true });
        writeFileSync(join(tree(agent), 'theirs'), 'theirs');
      },
      trees: () => git(['worktree', 'list']).split('\n').length - 1,
    },
  };
}

describeWorkTrees('at git itself', makePlace);
