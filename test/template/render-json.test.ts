import { expect, test } from 'vitest';
import { renderJson } from '../../controller/template/render-json.ts';

test('keys and values of a JSON value are rendered, and only its texts', () => {
  const value = { projects: { '{{ workingDir }}': { trusted: true, hooks: ['{{ hook }} x', 3, null] } } };
  expect(renderJson('files[0].json', value, { workingDir: '/srv/web', hook: '/s/hook' })).toEqual({
    projects: { '/srv/web': { trusted: true, hooks: ['/s/hook x', 3, null] } },
  });
});

test('a key named __proto__ is a key like any other', () => {
  const rendered = renderJson('x', JSON.parse('{"__proto__": {"a": "{{ b }}"}}'), { b: 'c' });
  expect(JSON.stringify(rendered)).toBe('{"__proto__":{"a":"c"}}');
});

test('[S16] an error says the way to the text', () => {
  const render = () => renderJson('files[1].json', { a: [{ b: '{{ nope }}' }] }, {});
  expect(render).toThrow('files[1].json.a[0].b: undefined variable: nope, line:1, col:4');
});
