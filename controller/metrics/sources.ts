import { COARSE, type Definition, type HistogramDefinition, OUTCOME } from './definition.ts';

// Where specs come from: files and repositories.

export const SOURCE_COUNTERS = {
  sourceLooks: {
    name: 'muxlet_gitsource_looks_total',
    help: 'Looks at the repositories of GitSources, by result: taken (whether or not it was new), refused, failed.',
    labels: { result: ['taken', 'refused', 'failed'] },
  },
  configReloads: {
    name: 'muxlet_config_reloads_total',
    help: 'Reloads of the specs, by result: error if a problem was found.',
    labels: { result: OUTCOME },
  },
} as const satisfies Record<string, Definition>;

export const SOURCE_GAUGES = {
  sourceReady: {
    name: 'muxlet_gitsource_ready',
    help: '1 while a GitSource is Ready, by its name. Ends with it.',
    labels: { gitsource: 'open' },
  },
  configLoadedAt: {
    name: 'muxlet_config_last_reload_success_timestamp_seconds',
    help: 'When the specs were last loaded without a problem, in seconds since the epoch; 0 if never.',
  },
  problems: {
    name: 'muxlet_problems',
    help: 'Problems in the specs at present, by severity.',
    labels: { severity: ['Error', 'Warning'] },
  },
} as const satisfies Record<string, Definition>;

export const SOURCE_HISTOGRAMS = {
  sourceLook: {
    name: 'muxlet_gitsource_look_duration_seconds',
    help: 'Seconds that a look at a repository took: fetching, checking and putting in force.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  configReload: {
    name: 'muxlet_config_reload_duration_seconds',
    help: 'Seconds that loading the specs took.',
    buckets: COARSE,
  },
} as const satisfies Record<string, HistogramDefinition>;
