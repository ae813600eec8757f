import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../controller/metrics/metrics.ts';
import { openMetrics, wantsOpenMetrics } from '../../controller/metrics/open-metrics.ts';

// What Prometheus 2.42 and 3 send.
const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

describe('OpenMetrics are', () => {
  test.each([
    PROMETHEUS_2,
    PROMETHEUS_3,
    'application/openmetrics-text',
    'Application/OpenMetrics-Text; Version="1.0.0"',
  ])('given to who asks for them: %s', (accept) => {
    expect(wantsOpenMetrics(accept)).toBe(true);
  });

  test.each([
    '',
    '*/*',
    'text/html,application/xhtml+xml',
    'text/plain, application/openmetrics-text;q=0.5',
    'application/openmetrics-text;version=0.0.1',
    'application/openmetrics-text;q=0',
    'application/openmetrics-text;q=much',
    ';;;=,,q=',
  ])('not given to others: %s', (accept) => {
    expect(wantsOpenMetrics(accept)).toBe(false);
  });
});

test('the text keeps every sample and follows the format', () => {
  const text = [
    '# HELP a_total Says "so" \\\\ and so.',
    '# TYPE a_total counter',
    'a_total{x="# HELP a_total"} 1',
    '',
    '# HELP b_total A gauge that is called so.',
    '# TYPE b_total gauge',
    'b_total Nan',
    'b_total{x=" Nan"} 2',
    '',
  ].join('\n');
  expect(openMetrics(text)).toBe(
    [
      '# HELP a Says \\"so\\" \\\\ and so.',
      '# TYPE a counter',
      'a_total{x="# HELP a_total"} 1',
      '# HELP b_total A gauge that is called so.',
      '# TYPE b_total gauge',
      'b_total NaN',
      'b_total{x=" Nan"} 2',
      '# EOF',
      '',
    ].join('\n'),
  );
});

test('both formats serve the same series, again and again', async () => {
  const metrics = createMetrics({ version: '1', node: 'v20', tmux: '3.3a', servers: ['muxlet'] });
  const seriesOf = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => /^(?:muxlet|workqueue|tmux_orch)_/.test(line))
      .map((line) => line.slice(0, line.lastIndexOf(' ')));
  const plain = await metrics.render();
  const open = await metrics.render(PROMETHEUS_2);
  const again = await metrics.render();
  expect(open.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(open.text.endsWith('\n# EOF\n')).toBe(true);
  expect(open.text).not.toMatch(/^# TYPE \S+_total counter$/m);
  expect(open.text).not.toContain('\n\n');
  expect(seriesOf(open.text)).toEqual(seriesOf(plain.text));
  expect(seriesOf(again.text)).toEqual(seriesOf(plain.text));
  expect(again.contentType).toBe(plain.contentType);
});
