import { expect, test } from 'vitest';
import { renderLoosely } from '../../controller/template/render-loosely.ts';

test('what nobody has becomes nothing', () => {
  expect(renderLoosely('it asks for {{ record.tool }}', { record: { tool: 'Bash' } })).toBe('it asks for Bash');
  expect(renderLoosely('it asks for {{ record.tool }}', { record: {} })).toBeUndefined();
});

test('a template that goes on and on holds nobody up', () => {
  const begun = performance.now();
  const endless = '{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}';
  expect(renderLoosely(endless, {})).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(1500);
});
