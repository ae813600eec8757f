import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../../controller/store/specs/json-document.ts';
import { validateText } from '../../../controller/store/specs/validate-text.ts';
import { parseYaml } from '../../../controller/store/specs/yaml-documents.ts';

const PROJECT = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'Project',
  metadata: { name: 'web', labels: { team: 'a' } },
  spec: { agents: [{ name: 'dev', class: 'shell', command: ['sh', '-c', 'exec "$0": {}'], workingDir: '/srv' }] },
};

/** The comment makes it YAML alone; nothing stands elsewhere for it. */
const asYaml = (text: string) => validateText(`${text}\n# no JSON`, 'f');

describe('a text that is one JSON object', () => {
  it('is read without the reader of YAML, and says the same', () => {
    const text = JSON.stringify(PROJECT, undefined, 2);
    expect(readJsonObject(text)).toEqual(PROJECT);
    expect(validateText(text, 'f').objects).toHaveLength(1);
    expect(validateText(text, 'f')).toEqual(asYaml(text));
  });

  it('holds whatever YAML would read in it', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '": ', '__proto__', '<<', '\u2028', '1'),
    );
    const { map } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        texts,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(true, null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(map, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(readJsonObject(text)).toEqual(parseYaml(text, 'f').documents[0]?.value);
      }),
      { numRuns: 300 },
    );
  });

  it('may be of megabytes', () => {
    const value = { text: 'x'.repeat(9 * 1024 * 1024) };
    expect(readJsonObject(JSON.stringify(value))).toEqual(value);
  });

  const text = JSON.stringify(PROJECT);
  it.each([
    ['a key that stands twice', text.replace('"kind"', '"kind":"Alert","kind"')],
    ['a key that stands twice, once in other words', text.replace('"kind"', '"\\u006bind":"Alert","kind"')],
    ['what is nested deeply', text.replace('"/srv"', `${'['.repeat(60)}${']'.repeat(60)}`)],
    ['what goes on behind it', `${text}\n---\n${text}`],
    ['a comma too many', text.replace('}}', '},}')],
    ['a list of objects', `[${text}]`],
  ])('is not one with %s', (_, other) => {
    expect(readJsonObject(other)).toBeUndefined();
  });

  it('is read as YAML where something is wrong with it, or it holds several', () => {
    const wrong = text.replace('workingDir', 'workDir');
    expect(validateText(wrong, 'f').problems).toEqual(asYaml(wrong).problems);
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [PROJECT] });
    expect(validateText(list, 'f')).toEqual(asYaml(list));
  });
});
