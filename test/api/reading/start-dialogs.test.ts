import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { sayOfText } from '../../../controller/api/reading/evaluate.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

function classOf(name: string): AgentClass {
  return parse(readFileSync(new URL(`../../../manifests/presets/${name}.yaml`, import.meta.url), 'utf8')) as AgentClass;
}

function claimOf(name: string, screen: string) {
  const { reading } = compileReading(name, classOf(name).spec);
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

/** Of Qwen Code 0.24.4, and of Gemini CLI 0.61.0. */
const QWEN = `   │
   │ Untrusted MCP server in .mcp.json
   │ This workspace declares an MCP server. Approving lets Qwen Code start it and run its tools.
   │
   │ one  cat (stdio)
   │
   │ › 1. Approve this server
   │   2. Approve all pending servers in this workspace
   │   3. Reject (esc)
`;
const GEMINI = ` │ New Agents Discovered
 │ The following agents were found in this project. Please review them:
 │
 │ ● 1. Acknowledge and Enable
 │   2. Do not enable (Ask again next time)
`;

test.each([
  ['claude', 'McpServerDialog', ONE_SERVER],
  ['claude', 'McpServersDialog', SERVERS],
  ['claude', 'ImportsDialog', IMPORTS],
  ['claude', 'Dialog', OTHER],
  ['qwen', 'McpServerDialog', QWEN],
  ['gemini', 'AgentsDialog', GEMINI],
])('%s that asks something of a project waits with the reason %s', (name, reason, screen) => {
  expect(claimOf(name, screen)).toMatchObject({ state: 'Waiting', reason });
});

test('what an agent writes of a dialog is none', () => {
  const screen = `● It says:\n${OTHER}\n${'─'.repeat(80)}\n❯ \n${'─'.repeat(80)}\n  ⏸ manual mode on`;
  expect(claimOf('claude', screen)).toBeUndefined();
});

test.each([
  ['claude', 'McpServerDialog', ONE_SERVER],
  ['claude', 'ImportsDialog', IMPORTS],
  ['qwen', 'McpServerDialog', QWEN],
  ['gemini', 'AgentsDialog', GEMINI],
])('of %s, %s is answered only where its first choice is as the keys take it to be', (name, dialog, screen) => {
  const { pattern = '(?!)' } = classOf(name).spec.dialogs?.find((one) => one.name === dialog) ?? {};
  const found = new RegExp(pattern, 'mu');
  expect(found.test(screen)).toBe(true);
  expect(found.test(screen.replace(/[❯›●](?= )/u, ' '))).toBe(false);
});
