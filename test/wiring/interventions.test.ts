import { expect, test } from 'vitest';
import type { Overlay } from '../../controller/api/admission.ts';
import type { Key } from '../../controller/api/key.ts';
import { createInterventions } from '../../controller/wiring/interventions.ts';

const KEY = 'Project/web' as Key;

function setUp(before: Overlay = {}) {
  const told: string[] = [];
  let overlay = before;
  const interventions = createInterventions({ overlay: () => overlay, onIntervention: (verb) => void told.push(verb) });
  return {
    told,
    interventions,
    ask: (runs: Record<string, string>) => {
      overlay = { 'muxlet.dev/restart': JSON.stringify(runs) };
      interventions.seen(KEY, 'one');
      interventions.seen(KEY, 'one');
    },
    reset: (uid: string) => {
      overlay = { 'muxlet.dev/reset': uid };
    },
  };
}

test('each agent that somebody restarts counts once for each run of it', () => {
  const { told, interventions, ask } = setUp();
  interventions.seen(KEY, 'one');
  ask({ dev: 'r1', ops: 'r1' });
  expect(told).toEqual(['restart', 'restart']);
  ask({ dev: 'r2', ops: 'r1' });
  expect(told).toHaveLength(3);
});

test('what was asked for before the controller was started is not counted again', () => {
  const { told, interventions, ask } = setUp({ 'muxlet.dev/restart': '{"dev":"r1"}' });
  interventions.seen(KEY, 'one');
  expect(told).toEqual([]);
  ask({ dev: 'r2' });
  expect(told).toEqual(['restart']);
});

test('a reset counts when the object is gone; a removal is none', () => {
  const { told, interventions, reset } = setUp();
  interventions.seen(KEY, 'one');
  expect(interventions.forgotten(KEY, 'one')).toBe(false);
  reset('two');
  expect(interventions.forgotten(KEY, 'two')).toBe(true);
  expect(told).toEqual(['reset']);
});
