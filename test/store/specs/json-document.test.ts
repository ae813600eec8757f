import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../../controller/store/specs/json-document.ts';
import { validateText } from '../../../controller/store/specs/validate-text.ts';

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

  it('of whatever content is what it is as YAML', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '": ', '__proto__', '\u2028', '1'),
    );
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, texts, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('map')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
    })).map; // biome-ignore format: a table
    const space = fc.constantFrom(undefined, 1, '\n');
    const documents = fc.record({
      metadata: fc.record({ name: fc.constantFrom('web', 'Web', ''), annotations: fc.dictionary(texts, texts) }),
      spec: fc.oneof(fc.constant(PROJECT.spec), values),
      extra: fc.option(values, { nil: undefined }),
    });
    fc.assert(
      fc.property(documents, space, (document, indent) => {
        const text = JSON.stringify({ ...PROJECT, ...document }, undefined, indent);
        expect(validateText(text, 'f')).toEqual(asYaml(text));
      }),
      { numRuns: 300 },
    );
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
