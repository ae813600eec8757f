import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Asking } from './asking.ts';

/** What people and agents do in a repository, and see in it. */
export interface Person {
  /** Writes a file into an agent's work tree; null: takes it away. */
  write(agent: string, file: string, text: string | null): void;
  /** The files of an agent's work tree; undefined: it is not there. */
  files(agent: string): Readonly<Record<string, string>> | undefined;
  /** Commits all that is in an agent's work tree; gives the commit. */
  commit(agent: string): string;
  branchOf(agent: string): string;
  /** References below a prefix, with their commits. */
  refs(prefix: string): ReadonlyMap<string, string>;
  fileAt(commit: string, file: string): string | undefined;
  /** Has a branch checked out in a work tree of their own. */
  checkOut(branch: string): void;
  /** Makes a branch of their own that has a commit. */
  land(commit: string): void;
  /** Takes the folder of a work tree away. */
  removeFolder(agent: string): void;
  /** Takes the .git of a work tree away. */
  removeLink(agent: string): void;
  /** Puts a folder with a file where an agent's work tree is to be. */
  putFolder(agent: string): void;
  /** How many work trees git knows of, the checkout aside. */
  trees(): number;
}

export interface SuitePlace extends Asking {
  readonly person: Person;
}

/** What must hold of whoever makes and releases work trees, at a repository in memory and at git's own. */
export function describeWorkTrees(where: string, make: () => SuitePlace): void {
  describe(where, () => {
    let place: SuitePlace;
    let person: Person;
    beforeEach(() => {
      place = make();
      ({ person } = place);
    });
    afterEach(() => place.close());

    test('[S149] each agent gets a work tree and a branch of its own, and asking again changes nothing', async () => {
      const request = place.request(['a', 'b']);
      const { trees, base } = await place.ready(request);
      expect(trees.get('b')).toEqual({ path: place.tree('b'), branch: 'muxlet/shop/b', base, state: 'Ready' });
      expect(person.branchOf('a')).toBe('muxlet/shop/a');
      expect([...person.refs('refs/muxlet/base/').values()]).toEqual([base]);
      expect(person.files('a')).toMatchObject({ a: 'one' });
      person.write('a', 'work', 'mine');
      await place.ready(request, place.controller());
      expect(person.files('a')).toMatchObject({ work: 'mine' });
      expect(person.trees()).toBe(2);
    });

    test('[S150] what stands there is left alone, keeps nobody else from it, and is tried again', async () => {
      person.putFolder('a');
      const request = place.request(['a', 'b']);
      const look = await place.have(request, ({ trees }) => {
        return trees.get('a')?.state === 'Failed' && trees.get('b')?.state === 'Ready';
      });
      expect(look.trees.get('a')?.reason).toBe('WorkTreeForeign');
      expect(person.files('a')).toEqual({ theirs: 'theirs' });
      person.removeFolder('a');
      await place.ready(request);
    });

    test('a branch that is checked out elsewhere is followed by another one', async () => {
      person.land([...person.refs('refs/heads/main').values()][0] ?? '');
      person.checkOut('muxlet/shop/a');
      await place.ready(place.request(['a']));
      expect(person.branchOf('a')).toBe('muxlet/shop/a.2');
    });

    test('[S152] [S153] what is damaged is put right, with what lay in it', async () => {
      const request = place.request(['a', 'b']);
      await place.ready(request);
      person.write('a', 'work', 'mine');
      person.removeLink('a');
      person.removeFolder('b');
      await place.ready(request, place.controller());
      expect(person.files('a')).toMatchObject({ work: 'mine', a: 'one' });
      expect(person.files('b')).toMatchObject({ a: 'one' });
      expect(person.branchOf('b')).toBe('muxlet/shop/b');
    });

    test.each(['Keep', 'Save', 'Discard'] as const)(
      '[S151] a work tree with changes goes as onDelete %s says',
      async (onDelete) => {
        const request = place.request(['a'], { onDelete });
        await place.ready(request);
        person.write('a', 'a', 'changed');
        person.write('a', 'new', 'new');
        const { kept, held } = await place.released(place.leaving(request));
        expect(held).toBeUndefined();
        const saved = [...person.refs('refs/muxlet/kept/').values()];
        expect(person.files('a') !== undefined).toBe(onDelete === 'Keep');
        expect(kept).toHaveLength(onDelete === 'Discard' ? 0 : 1);
        expect(saved.map((commit) => person.fileAt(commit, 'new'))).toEqual(onDelete === 'Save' ? ['new'] : []);
        expect(person.trees()).toBe(onDelete === 'Keep' ? 1 : 0);
      },
    );

    test('[S151] branches go with what others have of them, and stay with what is nowhere else', async () => {
      const request = place.request(['ahead', 'landed', 'still']);
      await place.ready(request);
      for (const agent of ['ahead', 'landed']) person.write(agent, agent, agent);
      const ahead = person.commit('ahead');
      person.land(person.commit('landed'));
      const { kept } = await place.released(place.leaving(request));
      expect(kept).toMatchObject([{ agent: 'ahead', branch: 'muxlet/shop/ahead', commit: ahead }]);
      expect([...person.refs('refs/heads/muxlet/').values()]).toEqual([ahead]);
      expect(person.trees()).toBe(0);
    });

    test('a reset saves what is uncommitted and frees the branches, whatever onDelete says', async () => {
      const request = place.request(['a']);
      await place.ready(request);
      person.write('a', 'work', 'mine');
      const commit = person.commit('a');
      person.write('a', 'more', 'mine');
      await place.released(place.leaving(request, 'Reset'));
      const kept = [...person.refs('refs/muxlet/kept/shop/').values()];
      expect(kept).toContain(commit);
      expect(kept.map((one) => person.fileAt(one, 'more'))).toContain('mine');
      expect(person.refs('refs/heads/muxlet/').size).toBe(0);
      expect(person.refs('refs/muxlet/base/').size).toBe(0);
      await place.ready(request);
      expect(person.files('a')).not.toHaveProperty('work');
    });

    test('an agent that is removed leaves alone, and what stays of it is a person’s', async () => {
      const request = place.request(['a', 'b', 'c']);
      await place.ready(request);
      person.write('a', 'work', 'mine');
      const fewer = { ...request, trees: request.trees.slice(2), agents: ['c'] };
      const { kept } = await place.have(fewer, ({ kept: told }) => told.length > 0);
      expect(kept).toMatchObject([{ agent: 'a', path: place.tree('a') }]);
      expect(person.trees()).toBe(2);
      person.commit('a');
      const next = place.controller();
      await place.ready(fewer, next);
      await place.released(place.leaving(fewer), next);
      expect(person.files('a')).toMatchObject({ work: 'mine' });
      expect(person.trees()).toBe(1);
    });
  });
}
