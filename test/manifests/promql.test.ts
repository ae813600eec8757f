import { expect, test } from 'vitest';
import { fillIn, namesIn } from './promql.ts';

test('metrics, matched labels and grouping are found, and nothing else', () => {
  const expr = `histogram_quantile(0.9, sum by (le, queue) (rate(a_bucket{b="c", d=~"e|f{}"}[$__rate_interval])))
    / on (instance) (muxlet:x:y > 0) and time() - g or vector(0)`;
  expect(namesIn(expr)).toEqual({
    metrics: ['a_bucket', 'muxlet:x:y', 'g'],
    matched: [
      { metric: 'a_bucket', label: 'b' },
      { metric: 'a_bucket', label: 'd' },
    ],
    grouped: ['le', 'queue', 'instance'],
  });
});

test('variables are filled in', () => {
  expect(fillIn('a{i=~"$instance", p="${project}"}[$__range]', { project: 'web' })).toBe('a{i=~".*", p="web"}[1h]');
});
