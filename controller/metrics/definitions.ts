import { AGENT_COUNTERS, AGENT_GAUGES, AGENT_HISTOGRAMS } from './agents.ts';
import { ALERT_COUNTERS, ALERT_GAUGES } from './alerts.ts';
import type { Definition, HistogramDefinition } from './definition.ts';
import { FIGURE_COUNTERS, FIGURE_GAUGES, FORMER_COUNTERS, FORMER_GAUGES, FORMER_HISTOGRAMS } from './figures.ts';
import { GIT_COUNTERS, GIT_GAUGES, GIT_HISTOGRAMS } from './git.ts';
import { LOOP_COUNTERS, LOOP_GAUGES, LOOP_HISTOGRAMS } from './loop.ts';
import { PROJECT_COUNTERS, PROJECT_GAUGES, PROJECT_HISTOGRAMS } from './projects.ts';
import { SOURCE_COUNTERS, SOURCE_GAUGES, SOURCE_HISTOGRAMS } from './sources.ts';
import { SURROUNDINGS_COUNTERS, SURROUNDINGS_GAUGES, SURROUNDINGS_HISTOGRAMS } from './surroundings.ts';

export type { Definition, HistogramDefinition } from './definition.ts';

// Every metric that is served, put together from the file of each area.

export const COUNTERS = {
  ...LOOP_COUNTERS,
  ...AGENT_COUNTERS,
  ...PROJECT_COUNTERS,
  ...SOURCE_COUNTERS,
  ...GIT_COUNTERS,
  ...ALERT_COUNTERS,
  ...SURROUNDINGS_COUNTERS,
  ...FIGURE_COUNTERS,
  ...FORMER_COUNTERS,
} as const satisfies Record<string, Definition>;

export const GAUGES = {
  ...LOOP_GAUGES,
  ...AGENT_GAUGES,
  ...PROJECT_GAUGES,
  ...SOURCE_GAUGES,
  ...GIT_GAUGES,
  ...ALERT_GAUGES,
  ...SURROUNDINGS_GAUGES,
  ...FIGURE_GAUGES,
  ...FORMER_GAUGES,
} as const satisfies Record<string, Definition>;

export const HISTOGRAMS = {
  ...LOOP_HISTOGRAMS,
  ...AGENT_HISTOGRAMS,
  ...PROJECT_HISTOGRAMS,
  ...SOURCE_HISTOGRAMS,
  ...GIT_HISTOGRAMS,
  ...SURROUNDINGS_HISTOGRAMS,
  ...FORMER_HISTOGRAMS,
} as const satisfies Record<string, HistogramDefinition>;
