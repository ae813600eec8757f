/** Of the controllers that are chosen. */
export const HERE = 'instance=~"$instance"';

/** From nothing, a first value on: one is enough to look. */
export const ORANGE = [{ value: 1, color: 'orange' }];
export const RED = [{ value: 1, color: 'red' }];

/**
 * @param {number} q
 * @param {string} metric of a histogram, with its matchers: `NAME{…}`
 * @param {string} [by] further labels
 */
export function quantile(q, metric, by = '') {
  const buckets = metric.replace('{', '_bucket{');
  return `histogram_quantile(${q}, sum by (${['le', by].filter(Boolean).join(', ')}) (rate(${buckets}[$__rate_interval])))`;
}

/**
 * Numbers for what series tell by a label, so that one line shows what a thing was at any time: the place of the value in
 * the list, from 1.
 * @param {string} metric with its matchers: `NAME{…}`
 * @param {string} label
 * @param {{ values: readonly { text: string }[], by: string }} how
 */
export function numbered(metric, label, { values, by }) {
  const each = values.map(({ text }, index) => `${metric.replace('}', `, ${label}="${text}"}`)} * ${index + 1}`);
  return `max by (${by}) (${each.join(' or ')})`;
}
