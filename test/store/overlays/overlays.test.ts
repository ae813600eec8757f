import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { OVERLAY } from '../../../controller/api/admission.ts';
import {
  annotationsFor,
  checkOverlay,
  forgetOverlay,
  type OverlayRecord,
  overlayPath,
  readOverlay,
  writeOverlay,
} from '../../../controller/store/overlays/overlay-file.ts';
import { createOverlays, readAll } from '../../../controller/store/overlays/overlays.ts';

const KEY = 'project/web';
const SUSPENDED = { [OVERLAY.suspend]: 'EndSession' };

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'muxlet-overlays-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function put(state: string, text: string): void {
  const path = overlayPath(state, KEY);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function overlaysOf(state: string) {
  const clock = { now: () => 0, after: () => () => undefined };
  return createOverlays({ state, clock, watchFailed: () => undefined });
}

test('what is written is read, as a whole file of its own', () => {
  const state = directory();
  writeOverlay(state, KEY, { uid: 'u', annotations: SUSPENDED });
  expect(readOverlay(state, KEY)).toMatchObject({ value: { uid: 'u', annotations: SUSPENDED } });
  expect(readdirSync(dirname(overlayPath(state, KEY)))).toEqual(['web.json']);
});

test('what is asked is asked of the object that bears the uid; of any, where none was known', () => {
  const record = { uid: 'u', annotations: SUSPENDED };
  expect(annotationsFor(record, 'u')).toEqual(SUSPENDED);
  expect(annotationsFor(record, undefined)).toEqual(SUSPENDED);
  expect(annotationsFor(record, 'v')).toEqual({});
  expect(annotationsFor({ annotations: SUSPENDED }, 'v')).toEqual(SUSPENDED);
  expect(annotationsFor(undefined, 'u')).toEqual({});
});

test.each([
  ['no JSON', '{'],
  ['empty', ''],
  ['another version', '{"version":2,"annotations":{}}'],
  ['no annotations', '{"version":1}'],
  ['an unknown way to suspend', '{"version":1,"annotations":{"muxlet.dev/suspend":"Yes"}}'],
  ['runs that are none', '{"version":1,"annotations":{"muxlet.dev/restart":"[1"}}'],
  ['ended runs that are none', '{"version":1,"annotations":{"muxlet.dev/down":"[]"}}'],
  ['a value that is no text', '{"version":1,"annotations":{"a":1}}'],
])('a file with %s is a problem that names it, and what was asked stays in force', (_, text) => {
  const state = directory();
  writeOverlay(state, KEY, { annotations: SUSPENDED });
  const overlays = overlaysOf(state);
  overlays.reload();
  put(state, text);
  overlays.reload();
  expect(overlays.of(KEY, 'u')).toEqual(SUSPENDED);
  expect(overlays.problems()).toMatchObject([{ code: 'OverlayInvalid', file: overlayPath(state, KEY) }]);
  rmSync(overlayPath(state, KEY));
  overlays.reload();
  expect(overlays.of(KEY, 'u')).toEqual({});
  expect(overlays.problems()).toEqual([]);
});

test('what changes is told with its key, once; a directory that is not there asks nothing', () => {
  const state = directory();
  expect(readAll(join(state, 'nowhere'))).toEqual({ records: new Map(), problems: [] });
  const overlays = overlaysOf(state);
  const told: string[][] = [];
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  overlays.start(ending.signal, (keys) => told.push([...keys]));
  writeOverlay(state, KEY, { annotations: SUSPENDED });
  overlays.reload();
  overlays.reload();
  expect(told).toEqual([[KEY]]);
});

test('whatever a file holds, it is taken as a whole or not at all', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant('KeepSession'), fc.constant('{"dev":"1-a"}'));
  const names = fc.constantFrom(OVERLAY.reset, OVERLAY.restart, OVERLAY.suspend, 'x');
  fc.assert(
    fc.property(fc.dictionary(names, value), (annotations) => {
      const checked = checkOverlay({ version: 1, annotations });
      if (checked.type === 'Usable') expect(checked.value.annotations).toEqual(annotations);
      else expect(checked.why).not.toBe('');
    }),
  );
});

test.each<[string, OverlayRecord, boolean]>([
  ['of it', { uid: 'u', annotations: SUSPENDED }, false],
  ['of it before its uid was known', { annotations: SUSPENDED }, false],
  ['of another of its name', { uid: 'v', annotations: SUSPENDED }, true],
  ['of what comes out of its reset', { annotations: { ...SUSPENDED, [OVERLAY.reset]: 'u' } }, true],
])('when an object is gone, what was asked %s', (_, record, stays) => {
  const state = directory();
  writeOverlay(state, KEY, record);
  forgetOverlay(state, KEY, 'u');
  expect(readOverlay(state, KEY).type === 'Loaded').toBe(stays);
});

test('where nothing was asked of an object that is gone, or nothing can be read, nothing is removed', () => {
  const state = directory();
  forgetOverlay(state, KEY, 'u');
  put(state, 'not JSON');
  forgetOverlay(state, KEY, 'u');
  expect(readOverlay(state, KEY).type).toBe('Corrupt');
});
