import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

// The picture of the rooms, their table and what the page names are what there is.

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/architecture.md', root), 'utf8');
const picture = /```mermaid\n(?<text>[^]*?)```/.exec(page)?.groups?.['text'] ?? '';
const there = readdirSync(new URL('controller', root));

/** Arrows of the picture: from, and to where. */
const arrows = [...picture.matchAll(/^ *(?<from>\S+) (?<arrow>-->|-\.->|-- \w+ -->) (?<to>.+)$/gm)].flatMap(
  ({ groups }) =>
    (groups?.['to'] ?? '')
      .split(' & ')
      .map((to) => ({ from: groups?.['from'] ?? '', to, dotted: groups?.['arrow'] === '-.->' })),
);

test('the picture has every room of the controller, and no other', () => {
  const drawn = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  drawn.delete('rooms');
  expect([...drawn].sort()).toEqual([...there].sort());
});

test('an arrow of the picture is an import that is allowed, and every one that is allowed has its arrow', () => {
  const allowed = (config.forbidden ?? []).flatMap((rule) => {
    const room = /^room-(?<room>\w+)/.exec(rule.name ?? '')?.groups?.['room'];
    const places = 'to' in rule ? [rule.to.pathNot ?? []].flat() : [];
    if (room === undefined) return [];
    return places.map((place) => `${room} --> ${place.replace(/^\^controller\/(\w+)\/$/, '$1')}`);
  });
  const others = new Set(allowed.filter((arrow) => !/^(?<room>\w+) --> \k<room>$/.test(arrow)));
  const within = arrows.filter(({ from, dotted }) => !dotted && from !== 'main.ts');
  expect([...new Set(within.map(({ from, to }) => `${from} --> ${to}`))].sort()).toEqual([...others].sort());
});

test('the table has every room of the controller, and no other', () => {
  const rows = page.slice(page.indexOf('| room | what it is |')).split('\n\n')[0] ?? '';
  const cells = [...rows.matchAll(/^\| (?<rooms>`[^|]+`) \|/gm)].flatMap(({ groups }) =>
    (groups?.['rooms'] ?? '').split(', '),
  );
  expect(cells.map((cell) => cell.replaceAll('`', '')).sort()).toEqual([...there].sort());
});

test('every file and folder of the controller that the page names is there', () => {
  const rooms = there.filter((room) => !room.includes('.')).join('|');
  const named = [...page.matchAll(new RegExp(`\`(?<path>(?:${rooms})/[\\w./-]+)\``, 'g'))].map(
    ({ groups }) => groups?.['path'] ?? '',
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(new URL(`controller/${path}`, root)))).toEqual([]);
});
