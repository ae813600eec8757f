import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { sayOfText } from '../../../controller/api/reading/evaluate.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/claude.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);

function claimOf(screen: string) {
  const trust = reading?.sources.findIndex(({ type }) => type === 'Screen') ?? -1;
  const source = reading?.sources[trust];
  if (source === undefined) throw new Error('no source Screen');
  return sayOfText(screen, { source, trust, render: renderLoosely, variables: {}, at: 0, seenAt: 0 })?.claim;
}

/** Screens of Claude Code 2.1.329. */
const ONE_SERVER = `${'─'.repeat(80)}
  New MCP server found in this project: one
  MCP servers may execute code or access system resources. Learn more in the MCP documentation.

    Use this MCP server
    Use this and all future MCP servers in this project
  ❯ Continue without using this MCP server

  Enter to confirm · Esc to cancel
`;
const SERVERS = `${'─'.repeat(80)}
  2 new MCP servers found in this project
  Select any you wish to enable.
  MCP servers may execute code or access system resources. Learn more in the MCP documentation.

  ❯ [✔] one
    [✔] two
       Enable selected

 Space to select · Esc to reject all
`;
const IMPORTS = `${'─'.repeat(80)}
  Allow external CLAUDE.md file imports?
  External imports:
    /tmp/outside.md

  ❯ No, disable external imports
    Yes, allow external imports

  Enter to confirm · Esc to cancel
`;
const OTHER = IMPORTS.replace('Allow external CLAUDE.md file imports?', 'Something that nobody has seen yet?');

test.each([
  ['McpServerDialog', ONE_SERVER],
  ['McpServersDialog', SERVERS],
  ['ImportsDialog', IMPORTS],
  ['Dialog', OTHER],
])('Claude Code that asks at its start waits with the reason %s', (reason, screen) => {
  expect(claimOf(screen)).toMatchObject({ state: 'Waiting', reason });
});

test('what an agent writes of a dialog is none', () => {
  expect(claimOf(`● It says:\n${OTHER}\n${'─'.repeat(80)}\n❯ \n${'─'.repeat(80)}\n  ⏸ manual mode on`)).toBeUndefined();
});

test.each([
  ['McpServerDialog', ONE_SERVER],
  ['McpServersDialog', SERVERS],
  ['ImportsDialog', IMPORTS],
])('%s is answered only where its first choice is as the keys take it to be', (name, screen) => {
  const dialog = spec.dialogs?.find((one) => one.name === name);
  const pattern = new RegExp(dialog?.pattern ?? '(?!)', 'mu');
  expect(pattern.test(screen)).toBe(true);
  const lines = screen.split('\n');
  const at = lines.findIndex((line) => line.includes('❯'));
  const moved = lines.with(at, (lines[at] ?? '').replace('❯', ' '));
  expect(pattern.test(moved.join('\n'))).toBe(false);
});
