/**
 * What Prometheus is told. This room turns plain hooks into series of a registry of its own; it starts nothing, looks
 * at nothing by itself, and no type of the library behind it leaves it.
 */

import { MISMATCHES } from '../api/world.ts';
import { alertHooksOf } from './alert-hooks.ts';
import type { MetricsHooks, Summary } from './hooks.ts';
import { NOTIFICATIONS } from './label-values.ts';
import { OPEN_METRICS, openMetrics, wantsOpenMetrics } from './open-metrics.ts';
import { createInstruments } from './registry.ts';
import { setSummary } from './summary.ts';

export type { MetricsHooks, Summary } from './hooks.ts';

export interface MetricsOptions {
  readonly version: string;
  /** Of node, as `process.version` says. */
  readonly node: string;
  /** As `tmux -V` says; empty if there is none. */
  readonly tmux: string;
  /** tmux servers that are used from the start. */
  readonly servers?: readonly string[];
}

export interface Metrics extends MetricsHooks {
  /** Asked at each scrape how things stand; what it throws fails the scrape. */
  collect(summarise: () => Summary): void;
  /** `accept`: the header of the request, if there is one. */
  render(accept?: string): Promise<Rendered>;
}

export interface Rendered {
  readonly contentType: string;
  /** The text exposition format of Prometheus, or OpenMetrics where that was asked for. */
  readonly text: string;
}

const QUEUE = { name: 'reconcile' };
const BREAKER = { Closed: 0, HalfOpen: 1, Open: 2 } as const;
const KNOWN_NOTIFICATIONS = new Set<string>(NOTIFICATIONS);

export function createMetrics({ version, node, tmux, servers = [] }: MetricsOptions): Metrics {
  const instruments = createInstruments();
  const { registry, counters, gauges, histograms } = instruments;
  let summarise: (() => Summary) | undefined;
  gauges.buildInfo.set({ version, node, tmux }, 1);
  for (const server of servers) startServer(server);

  function startServer(server: string): void {
    for (const result of ['success', 'error', 'timeout']) counters.tmuxCommands.inc({ server, result }, 0);
    counters.tmuxServerStarts.inc({ server }, 0);
    gauges.tmuxConnected.set({ server }, 0);
  }

  return {
    queueHooks: {
      onAdd: () => counters.queueAdds.inc(QUEUE),
      onTake: (_key, waitedMs) => histograms.queueWait.observe(QUEUE, waitedMs / 1000),
      onDone: (_key, workedMs) => histograms.queueWork.observe(QUEUE, workedMs / 1000),
      onRetry: () => counters.queueRetries.inc(QUEUE),
    },
    reconcileHooks: {
      onReconciled(kind, result, durationMs) {
        counters.reconciles.inc({ kind, result });
        histograms.reconcile.observe({ kind }, durationMs / 1000);
      },
    },
    actionHooks: {
      onAction(verb, result, durationMs) {
        counters.actions.inc({ verb, result });
        histograms.action.observe({ verb }, durationMs / 1000);
      },
    },
    observationHooks: {
      onObserved: (scope, durationMs) => histograms.observation.observe({ scope }, durationMs / 1000),
    },
    agentHooks: {
      onReplaced: (durationMs) => histograms.replacement.observe(durationMs / 1000),
      onExit: (kind) => counters.exits.inc({ kind }),
      onRecovery: (reason) => counters.recoveries.inc({ reason }),
      onDetected: (fault, durationMs) => histograms.detection.observe({ fault }, durationMs / 1000),
      onRecovered: (fault, durationMs) => histograms.recovery.observe({ fault }, durationMs / 1000),
      onAuthFailure() {
        counters.authFailures.inc();
        counters.formerAuthFailures.inc();
      },
      onProbe: (probe, result) => counters.probes.inc({ probe, result }),
    },
    courseHooks: {
      onAttempt: (result, reason) => counters.attempts.inc({ result, reason }),
      onExtension: () => counters.extensions.inc(),
      onFinished(result, size, durationMs) {
        counters.results.inc({ result, size });
        if (durationMs === undefined) return;
        histograms.projectDuration.observe({ result }, durationMs / 1000);
        if (result === 'Completed') histograms.formerProjectDuration.observe(durationMs / 1000);
      },
      onFalseFailure: (size, proof) => counters.falseFailures.inc({ size, proof }),
    },
    peopleHooks: {
      onIntervention: (verb) => counters.interventions.inc({ verb }),
    },
    messageHooks: {
      onEnded(result, durationMs) {
        counters.messages.inc({ result });
        if (result === 'DeadLetter' || result === 'Expired') counters.formerMessageFailures.inc();
        if (result === 'Confirmed') histograms.delivery.observe(durationMs / 1000);
      },
      onRetry: () => counters.messageRetries.inc(),
    },
    projectQueueHooks: {
      onQueue(queue, { running, waiting, breaker }) {
        gauges.projectQueueRunning.set({ queue }, running);
        gauges.projectQueueWaiting.set({ queue }, waiting);
        gauges.projectQueueBreaker.set({ queue }, BREAKER[breaker?.state ?? 'Closed']);
        counters.projectQueueAdmissions.inc({ queue }, 0);
      },
      onAdmitted(queue, waitedMs) {
        counters.projectQueueAdmissions.inc({ queue });
        histograms.projectQueueWait.observe(waitedMs / 1000);
      },
      onForgotten(queue) {
        gauges.projectQueueRunning.remove({ queue });
        gauges.projectQueueWaiting.remove({ queue });
        gauges.projectQueueBreaker.remove({ queue });
        counters.projectQueueAdmissions.remove({ queue });
      },
    },
    sourceHooks: {
      onLook(result, durationMs) {
        counters.sourceLooks.inc({ result: result.toLowerCase() });
        histograms.sourceLook.observe(durationMs / 1000);
      },
      onSource: (gitsource, isReady) => gauges.sourceReady.set({ gitsource }, Number(isReady)),
      onForgotten: (gitsource) => gauges.sourceReady.remove({ gitsource }),
    },
    alertHooks: alertHooksOf(instruments),
    gitHooks: {
      onLook(result, durationMs) {
        counters.gitLooks.inc({ result });
        histograms.gitLook.observe(durationMs / 1000);
      },
    },
    tmuxHooks: {
      onCommand(server, result, durationMs) {
        counters.tmuxCommands.inc({ server, result });
        histograms.tmuxCommand.observe(durationMs / 1000);
      },
      onNotification(notification) {
        const type = notification.replace(/^%/, '');
        counters.tmuxNotifications.inc({ type: KNOWN_NOTIFICATIONS.has(type) ? type : 'other' });
      },
      onConnected: (server, isConnected) => gauges.tmuxConnected.set({ server }, Number(isConnected)),
      onServerStart: (server) => counters.tmuxServerStarts.inc({ server }),
      onServerForgotten(server) {
        for (const result of ['success', 'error', 'timeout']) counters.tmuxCommands.remove({ server, result });
        counters.tmuxServerStarts.remove({ server });
        gauges.tmuxConnected.remove({ server });
      },
    },
    configHooks: {
      onReload(result, durationMs, at) {
        counters.configReloads.inc({ result });
        histograms.configReload.observe(durationMs / 1000);
        if (result === 'success') gauges.configLoadedAt.set(at / 1000);
      },
    },
    stateHooks: {
      onWrite: (result) => counters.stateWrites.inc({ result }),
      onProblem(type, isWritable) {
        counters.stateProblems.inc({ type });
        gauges.stateUnwritable.set(Number(!isWritable));
      },
    },
    auditHooks: {
      onMismatches(found) {
        for (const kind of MISMATCHES) gauges.auditMismatches.set({ kind }, 0);
        for (const { type } of found) gauges.auditMismatches.inc({ kind: type });
      },
    },
    leaderHooks: {
      onLeader: (isLeader) => gauges.leader.set(Number(isLeader)),
    },
    collect(source) {
      summarise = source;
    },
    async render(accept = '') {
      if (summarise !== undefined) setSummary(instruments, summarise());
      const text = await registry.metrics();
      if (!wantsOpenMetrics(accept)) return { contentType: registry.contentType, text };
      return { contentType: OPEN_METRICS, text: openMetrics(text) };
    },
  };
}
