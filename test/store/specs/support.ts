import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Key } from '../../../controller/api/key.ts';
import type { Clock } from '../../../controller/store/specs/clock.ts';
import { createSpecSource, type SpecSourceOptions } from '../../../controller/store/specs/spec-source.ts';

type Source = ReturnType<typeof createSpecSource>;

const HOUR_MS = 3_600_000;

/** A clock that a test turns. It stands an hour ahead of the files' times, so that no file looks freshly written. */
export interface FakeClock extends Clock {
  /** Lets time pass; the callbacks that fall due are called in their order. */
  pass(ms: number): Promise<void>;
  /** As if the machine had slept, or somebody had set it: no timer is due by that. */
  leap(ms: number): void;
}

export function fakeClock(start = Date.now() + HOUR_MS): FakeClock {
  let now = start;
  let timers: { at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    leap(ms) {
      now += ms;
      for (const timer of timers) timer.at += ms;
    },
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = Math.max(now, next.at);
        timers = timers.filter((timer) => timer !== next);
        next.callback();
        // Loads take a few turns of the event loop and no time.
        for (let turn = 0; turn < 4; turn++) await setImmediate();
      }
      now = end;
    },
  };
}

export interface World {
  readonly root: string;
  readonly specs: string;
  readonly clock: FakeClock;
  write(file: string, text: string): string;
  /** A source of its own on the same directories, as after a restart of the controller. */
  source(options?: Partial<SpecSourceOptions>): ReturnType<typeof createSpecSource>;
  remove(): void;
}

export function createWorld(): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'muxlet-specs-')));
  const specs = join(root, 'specs');
  mkdirSync(specs, { mode: 0o755 });
  const presets = join(root, 'presets');
  mkdirSync(presets);
  copyFileSync(join(import.meta.dirname, '../../../manifests/presets/shell.yaml'), join(presets, 'shell.yaml'));
  const clock = fakeClock();
  return {
    root,
    specs,
    clock,
    write(file, text) {
      const path = join(specs, file);
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      writeFileSync(path, text, { mode: 0o644 });
      return path;
    },
    source: (options) =>
      createSpecSource({
        directory: specs,
        presets,
        state: join(root, 'state'),
        home: '/home/me',
        clock,
        ...options,
      }),
    // What a timer has begun may still be written.
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 20 }),
  };
}

export interface Started {
  /** All keys told since the last call. */
  told(): readonly Key[];
  stop(): void;
}

export async function start(source: ReturnType<typeof createSpecSource>): Promise<Started> {
  const controller = new AbortController();
  let keys: Key[] = [];
  await source.start(controller.signal, (changed) => keys.push(...changed));
  return {
    told() {
      const told = keys;
      keys = [];
      return told;
    },
    stop: () => controller.abort(),
  };
}

export function project(name: string, command = 'sleep infinity'): string {
  return `apiVersion: muxlet.dev/v1alpha1
kind: Project
metadata: {name: ${name}}
spec:
  agents:
    - name: dev
      command: [sh, -c, "${command}"]
`;
}

export function agentClass(name: string, command: string): string {
  return `apiVersion: muxlet.dev/v1alpha1
kind: AgentClass
metadata: {name: ${name}}
spec: {command: [${command}]}
`;
}

export function role(name: string, briefing: string, hub = false): string {
  return `apiVersion: muxlet.dev/v1alpha1
kind: AgentRole
metadata: {name: ${name}}
spec: {briefing: ${briefing}, hub: ${hub}}
`;
}

/** `Present(command, confirmed)`, or the type and whether it is confirmed. */
export function wanted(source: Source, name: string): string {
  const desired = source.desiredProject(name);
  switch (desired.type) {
    case 'Present':
      return `Present ${desired.project.agents[0]?.argv.at(-1)}${desired.confirmed ? '' : '?'}`;
    case 'Rejected':
      return `Rejected ${desired.reason}`;
    case 'Absent':
      return `Absent${desired.confirmed ? '' : '?'}`;
  }
}

export function codes(source: Source): string[] {
  return source.problems().map(({ code }) => code);
}
