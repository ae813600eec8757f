import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { COUNTERS, type Definition, GAUGES, HISTOGRAMS } from './definitions.ts';

/** The metrics as the library holds them; seen in this folder only. */
export interface Instruments {
  readonly registry: Registry;
  readonly counters: Readonly<Record<keyof typeof COUNTERS, Counter>>;
  readonly gauges: Readonly<Record<keyof typeof GAUGES, Gauge>>;
  readonly histograms: Readonly<Record<keyof typeof HISTOGRAMS, Histogram>>;
}

/** Registers every definition in a registry of its own; each series whose labels are known exists at zero. */
export function createInstruments(): Instruments {
  const registry = new Registry();
  // The library's default of 10 ms would wake an idle controller a hundred times a second to measure its idleness.
  collectDefaultMetrics({ register: registry, prefix: '', eventLoopMonitoringPrecision: 100 });
  const registers = [registry];
  return {
    registry,
    counters: mapValues(COUNTERS, (definition) => {
      const counter = new Counter({ ...base(definition), registers });
      for (const labels of knownSeries(definition)) counter.inc(labels, 0);
      return counter;
    }),
    gauges: mapValues(GAUGES, (definition) => {
      const gauge = new Gauge({ ...base(definition), registers });
      for (const labels of knownSeries(definition)) gauge.set(labels, 0);
      return gauge;
    }),
    histograms: mapValues(HISTOGRAMS, (definition) => {
      const histogram = new Histogram({ ...base(definition), registers, buckets: [...definition.buckets] });
      for (const labels of knownSeries(definition)) histogram.zero(labels);
      return histogram;
    }),
  };
}

function base({ name, help, labels = {} }: Definition) {
  return { name, help, labelNames: Object.keys(labels) };
}

/** Every combination of label values, if all of them are known; none for a metric without labels, which is at zero. */
export function knownSeries({ labels = {} }: Definition): readonly Readonly<Record<string, string>>[] {
  const names = Object.entries(labels);
  if (names.length === 0) return [];
  return names.reduce<readonly Record<string, string>[]>(
    (series, [label, values]) =>
      values === 'open' ? [] : series.flatMap((rest) => values.map((value) => ({ ...rest, [label]: value }))),
    [{}],
  );
}

function mapValues<Name extends string, From, To>(
  table: Readonly<Record<Name, From>>,
  map: (definition: From) => To,
): Record<Name, To> {
  const entries = Object.entries<From>(table).map(([name, definition]) => [name, map(definition)]);
  return Object.fromEntries(entries) as Record<Name, To>;
}
