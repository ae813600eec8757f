/**
 * Follows what the agents that run say of themselves, and keeps a reading of each run for the next look. A change in an
 * agent's folder, new output and a timer make it look; the project is hinted at only when a reading changed. Changes
 * nothing in the world.
 */
import type { AgentReading } from '../../api/agent-reading.ts';
import type { Desired } from '../../api/desired.ts';
import type { ProjectStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import { type Look, type ObservedTmux, runStartedAt } from '../../api/observed.ts';
import type { ReadingFault } from '../../api/reading/compile.ts';
import { createCompiledReadings } from './compiled-readings.ts';
import { createPaneFaces } from './pane-faces.ts';
import { createTargetReader, type TargetReaderOptions } from './read-target.ts';
import { closeTarget, createTarget, isDue, knownOf, type Target } from './target.ts';

export interface ReaderOptions extends TargetReaderOptions {
  /** Told once of each pattern of a class that cannot be used. */
  readonly onFault: (fault: ReadingFault) => void;
}

export interface Reader {
  /** Told of what a worker saw of a project, and what is wanted of it. */
  seen(project: {
    readonly key: Key;
    readonly uid: string;
    readonly desired: Desired;
    readonly tmux: Look<ObservedTmux>;
    readonly status: ProjectStatus;
  }): void;
  /** What the agents of a project say of themselves. */
  results(uid: string): readonly AgentReading[];
  close(): void;
}

/** Between two rounds, in milliseconds. */
const ROUND_MS = 1000;
/** Agents that are read at the same time. */
const AT_ONCE = 16;

export function createReader(options: ReaderOptions): Reader {
  const { clock, eyes, onError } = options;
  const { read, hint } = createTargetReader(options);
  const readings = createCompiledReadings(options.onFault);
  const faces = createPaneFaces();
  /** Per project, by agent. */
  const projects = new Map<string, Map<string, Target>>();
  let cancel: (() => void) | undefined;
  let closed = false;

  async function round(): Promise<void> {
    const targets = [...projects.values()].flatMap((agents) => [...agents.values()]);
    const shown = await eyes.faces();
    for (const target of targets) faces.show(target, shown, clock.now());
    faces.keep(shown);
    const due = targets.filter((target) => isDue(target, clock.now()));
    for (let from = 0; from < due.length; from += AT_ONCE) {
      await Promise.all(due.slice(from, from + AT_ONCE).map((target) => read(target).catch(onError)));
    }
  }

  /** One round after the other while there is somebody to be read. */
  function pump(inMs: number): void {
    if (cancel !== undefined || closed || projects.size === 0) return;
    cancel = clock.after(inMs, () => {
      const begun = clock.now();
      const ended = (): void => {
        cancel = undefined;
        pump(Math.max(ROUND_MS / 4, ROUND_MS - (clock.now() - begun)));
      };
      round().catch(onError).then(ended, onError);
    });
  }

  return {
    seen({ key, uid, desired, tmux, status }) {
      if (tmux.state === 'Unknown' || closed) return;
      const old = projects.get(uid) ?? new Map<string, Target>();
      const kept = new Map<string, Target>();
      for (const { mark, dead, process, server, id, pid } of tmux.value.panes) {
        if (mark?.uid !== uid || dead || process === 'Zombie' || process === 'Gone') continue;
        const before = old.get(mark.agent);
        const known = before !== undefined && before.mark.run === mark.run ? before : undefined;
        if (desired.type === 'Rejected') {
          if (known !== undefined) kept.set(mark.agent, known);
          continue;
        }
        const agent = desired.type === 'Present' ? desired.project.agents.find(isNamed(mark.agent)) : undefined;
        const reading = agent === undefined ? undefined : readings.of(agent);
        if (agent === undefined || reading === undefined) continue;
        if (known?.reading === reading) {
          kept.set(mark.agent, known);
          continue;
        }
        const startedAt = runStartedAt(mark.run) ?? clock.now();
        const said = status.agents.find(isNamed(mark.agent));
        const lastSaid = said?.run === mark.run ? knownOf(said) : undefined;
        const pane = { server, id, pid };
        const leftTitle = faces.leftTitle(pane, mark.run);
        const facts = { key, agent, mark, pane, reading, startedAt, known: lastSaid, leftTitle };
        const begun = createTarget(facts, clock.now());
        hint(begun);
        kept.set(mark.agent, begun);
      }
      for (const [name, target] of old) if (kept.get(name) !== target) closeTarget(target);
      if (kept.size === 0) projects.delete(uid);
      else projects.set(uid, kept);
      pump(0);
    },
    results: (uid) => [...(projects.get(uid)?.values() ?? [])].flatMap(({ result }) => result ?? []),
    close() {
      closed = true;
      cancel?.();
      for (const targets of projects.values()) for (const target of targets.values()) closeTarget(target);
      projects.clear();
    },
  };
}

function isNamed(wanted: string) {
  return ({ name }: { readonly name: string }): boolean => name === wanted;
}
