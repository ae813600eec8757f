import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLog } from '../../../controller/observe/git/parse-log.ts';
import { parseStatus } from '../../../controller/observe/git/parse-status.ts';

const OID = 'a'.repeat(40);
const entry = `N... 100644 100644 100644 ${OID} ${OID}`;

describe('what status says', () => {
  test('a branch, its commit, and files of all kinds', () => {
    const records = [
      `# branch.oid ${OID}`,
      '# branch.head feature/x y',
      '# branch.upstream origin/x',
      `1 .M ${entry} a b`,
      `2 R. ${entry} R100 new`,
      '? old name that looks like a new file',
      `u UU N... 1 1 1 1 ${OID} ${OID} ${OID} c`,
      '? dir/',
      '! ignored',
    ];
    expect(parseStatus(`${records.join('\0')}\0`)).toEqual({
      head: OID,
      branch: 'feature/x y',
      changed: 3,
      untracked: 1,
    });
  });

  test('no commit yet, and a detached HEAD, are said by leaving out', () => {
    expect(parseStatus('# branch.oid (initial)\0# branch.head main\0')).toEqual({
      branch: 'main',
      changed: 0,
      untracked: 0,
    });
    expect(parseStatus(`# branch.oid ${OID}\0# branch.head (detached)\0`)).toEqual({
      head: OID,
      changed: 0,
      untracked: 0,
    });
  });

  test('counts every file, whatever it is called', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    const kind = fc.constantFrom('new', 'changed', 'renamed');
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, name, name)), (files) => {
        const records = files.map(([what, to, from]) => {
          if (what === 'new') return `? ${to}`;
          return what === 'changed' ? `1 M. ${entry} ${to}` : `2 R. ${entry} R90 ${to}\0${from}`;
        });
        const { changed, untracked } = parseStatus(records.map((record) => `${record}\0`).join(''));
        expect(untracked).toBe(files.filter(([what]) => what === 'new').length);
        expect(changed).toBe(files.filter(([what]) => what !== 'new').length);
      }),
    );
  });
});

describe('what log says', () => {
  test('each commit with its time and its whole message', () => {
    const text = `${OID}\n1700000000\nfix: it\n\nbecause\n\0${'b'.repeat(40)}\n5\n\n`;
    expect(parseLog(text)).toEqual([
      { hash: OID, at: 1_700_000_000_000, message: 'fix: it\n\nbecause' },
      { hash: 'b'.repeat(40), at: 5000, message: '' },
    ]);
  });

  test('a long message is cut, and never in the middle of a character', () => {
    const [commit] = parseLog(`${OID}\n1\nx${'ä'.repeat(5000)}`);
    expect(Buffer.byteLength(commit?.message ?? '')).toBe(4095);
    expect(commit?.message.endsWith('ä')).toBe(true);
  });

  test('reads what it can of anything', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseLog(text)));
    expect(parseLog('')).toEqual([]);
  });
});
