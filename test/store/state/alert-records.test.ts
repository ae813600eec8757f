import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AlertRecord } from '../../../controller/api/alerting.ts';
import { beginAlert, hearEvent, nextStep } from '../../../controller/reconcile/alert/decide.ts';
import { eventOf, SENDER, specOf, T0 } from '../../reconcile/alert/support.ts';
import { openStore, temporaryFolder } from './samples.ts';

/** With everything in it that there is: something told, something that waits, something that is being sent. */
function sample(): AlertRecord {
  const spec = specOf();
  const hearing = { alert: 'night', spec, labelsOf: () => ({ team: 'a' }) };
  let record = beginAlert(undefined, { uid: SENDER.uid, spec, now: T0 });
  record = hearEvent(record, eventOf(), hearing);
  const step = nextStep(record, { spec, sender: SENDER, now: T0 + 60_000, hurry: false });
  if (step.type !== 'Try') throw new Error('nothing to send');
  return hearEvent(step.record, eventOf({ metadata: { name: 'other.1' }, at: T0 + 70_000 }), hearing);
}

test('what an Alert remembers comes back as it was, for its user alone to read', () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putAlertRecord('night', sample());
  const { store: next, problems } = openStore(dir);
  expect(next.alertRecord('night')).toEqual(sample());
  expect(problems).toEqual([]);
  expect(statSync(join(dir, 'alerts/night.json')).mode & 0o777).toBe(0o600);
  expect(next.alertRecord('other')).toBeUndefined();
  next.removeAlertRecord('night');
  expect(existsSync(join(dir, 'alerts/night.json'))).toBe(false);
});

test('who deletes it while the controller runs gets it back', () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putAlertRecord('night', sample());
  rmSync(dir, { recursive: true });
  store.heal();
  expect(openStore(dir).store.alertRecord('night')).toEqual(sample());
});

test.each([
  ['torn', '{"uid":"x","takenAt":1'],
  ['empty', ''],
  ['of another shape', '[1,2]'],
  ['without its uid', '{"takenAt":1,"receivers":{}}'],
])('a file that is %s is moved aside, and told', (_, text) => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'alerts'));
  writeFileSync(join(dir, 'alerts/night.json'), text);
  const { store, problems } = openStore(dir);
  expect(store.alertRecord('night')).toBeUndefined();
  expect(problems).toMatchObject([{ type: 'Corrupt' }]);
  expect(readdirSync(join(dir, 'alerts'))).not.toContain('night.json');
});

test('what is malformed within it costs nothing but that', () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putAlertRecord('night', sample());
  const path = join(dir, 'alerts/night.json');
  const { sequence } = sample().receivers['oncall'] ?? {};
  const malformed = `"sequence":${sequence},"sentAt":"soon","groups":{"":"x"},"lastDelivered":1e300`;
  const text = readFileSync(path, 'utf8').replace(`"sequence":${sequence}`, malformed);
  writeFileSync(path, text);
  const record = openStore(dir).store.alertRecord('night');
  expect(record?.receivers['oncall']).toMatchObject({ sequence, sentAt: [] });
  expect(record?.receivers['oncall']).not.toHaveProperty('lastDelivered');
  expect(record?.receivers['oncall']?.sending).toEqual(sample().receivers['oncall']?.sending);
});

test('an event is told to whoever listens once it is on record, with the agent that it is about', () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  const note = { type: 'Warning', reason: 'WaitingForInput', message: 'agent dev: it asks', agent: 'dev' } as const;
  store.recordEvent({ kind: 'Project', name: 'web' }, note);
  expect(store.events()).toMatchObject([{ reason: 'WaitingForInput', related: { kind: 'Agent', name: 'web.dev' } }]);
  expect(openStore(dir).store.events()).toEqual(store.events());
});
