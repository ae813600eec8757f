import { expect, test } from 'vitest';
import type { AgentRole, Team } from '../../controller/api/generated/all.ts';
import { briefingOf } from '../../controller/briefing/brief.ts';
import { readPresets } from '../../controller/store/specs/presets.ts';
import { agentWith, FACTS } from './support.ts';

// The roles and teams that come with muxlet.

const { entries, problems } = readPresets(new URL('../../manifests/presets', import.meta.url).pathname);
const objects = [...entries.values()].map(({ object }) => object);
const roles = objects.filter((object): object is AgentRole => object.kind === 'AgentRole');
const teams = objects.filter((object): object is Team => object.kind === 'Team');

test('all of them are valid', () => {
  expect(problems).toEqual([]);
  expect(roles).toHaveLength(15);
  expect(teams).toHaveLength(5);
});

test.each(roles.map(({ metadata, spec }) => [metadata.name, spec] as const))(
  '%s can be rendered, whatever is missing',
  (name, spec) => {
    const { briefing: first, recovery } = spec;
    const role = { type: 'Known', name, source: 'preset', first, ...(recovery !== undefined && { recovery }) } as const;
    const { goal: _, reason: __, ...bare } = FACTS;
    const sparse = { ...agentWith({ role, team: [] }) };
    expect(recovery).toBeDefined();
    for (const mode of ['first', 'recovery'] as const) {
      expect(briefingOf(sparse, mode, { ...bare, commits: [] })).toMatch(/No goal is written down/);
      const text = briefingOf(agentWith({ role, repo: '/src/repo' }), mode, FACTS) ?? '';
      expect(text).toContain('Sell things.');
      expect(text).toContain('- lead: orchestrator\n- dev: developer (you)\n- log\n');
      expect(text).toContain('You work in /src/shop, on the repository /src/repo.');
      expect(text).toContain('muxlet report done');
      expect(text).not.toMatch(/\{\{|\{%|\n\n\n|[ \t]\n/);
      if (mode === 'recovery') expect(text).toContain('  1a2b3c4 the cart\n');
      // Programs take their first prompt as an argument; one of a few kB is no trouble to any of them.
      expect(text.length).toBeLessThan(6000);
    }
  },
);

test.each(teams.map(({ metadata, spec }) => [metadata.name, spec] as const))(
  '%s has a hub first, roles that exist, and no name twice',
  (_name, spec) => {
    const names = spec.members.map(({ name, role }) => name ?? role);
    expect(new Set(names).size).toBe(names.length);
    expect(spec.members.filter(({ role }) => !roles.some(({ metadata }) => metadata.name === role))).toEqual([]);
    expect(roles.find(({ metadata }) => metadata.name === spec.members[0]?.role)?.spec.hub).toBe(true);
    expect(spec.sizes).toEqual({ small: 3, medium: 5, large: 8 });
    expect(spec.members).toHaveLength(8);
    expect(spec.signs?.length).toBeGreaterThan(3);
  },
);
