import type { Behaviour } from '../model-api/behaviour.ts';
import { writeFile } from '../support/world.ts';
import type { WalkedClass } from '../walk/walked-class.ts';
import type { AgentProgram } from './agent-program.ts';

export const codex: AgentProgram = {
  name: 'codex',
  arrange: ({ home, directory, url }) => {
    const config = `
model = "mock-model"
model_provider = "mock"
check_for_update_on_startup = false
approval_policy = "on-request"
sandbox_mode = "read-only"

[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1

[analytics]
enabled = false

[tui]
screen_reader_detection_done = true

[projects."${directory}"]
trust_level = "trusted"
`;
    writeFile(`${home}/.codex/config.toml`, config.trimStart());
  },
  env: () => ({ OPENAI_API_KEY: 'sk-made-up-key-of-a-test' }),
  args: (prompt) => ['--no-daemon', ...(prompt === undefined ? [] : [prompt])],
  ready: /^› .*\n\n {2}\S+ .*· \//m,
  refused: /^■ unexpected status 401 Unauthorized/m,
  quit: '/quit',
};

const TRIES = 2;

/** A command that its sandbox would not let through. */
const escalated = (cmd: string) => ({ cmd, sandbox_permissions: 'require_escalated', justification: 'May it?' });

/** It has no tool that writes but this command, which it carries out itself. */
const patch = (changes: string): Behaviour => ({
  type: 'tool',
  name: 'exec_command',
  input: { cmd: `apply_patch <<'EOF'\n*** Begin Patch\n${changes}\n*** End Patch\nEOF` },
});

export const codexWalk: WalkedClass = {
  name: 'codex',
  exported: { OPENAI_API_KEY: 'sk-made-up-key-of-a-test' },
  env: () => ({}),
  args: ['--ask-for-approval', 'on-request', '--sandbox', 'read-only'],
  configure: ({ home, url }) => {
    const config = `
model = "mock-model"
model_provider = "mock"

[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
request_max_retries = ${TRIES}
stream_max_retries = ${TRIES}
`;
    writeFile(`${home}/.codex/config.toml`, config.trimStart());
  },
  // It takes a while, as what one asks for often does: no hook tells that it was granted.
  asks: (file) => ({
    type: 'tool',
    name: 'exec_command',
    input: escalated(`sleep 3; touch ${file}`),
  }),
  asksTwice: ([first, second]) => {
    const command = (file: string) => ({ name: 'exec_command', input: escalated(`touch ${file}`) });
    return { type: 'tool', ...command(first), and: [command(second)] };
  },
  writes: (file, text) => patch(`*** Add File: ${file}\n+${text}`),
  edits: (file, from, to) => patch(`*** Update File: ${file}\n@@\n-${from}\n+${to}`),
  asking: /Press enter to confirm or esc to cancel/,
  approval: { dialog: 'PermissionPrompt', answer: 'once' },
  firstRun: {
    unanswered: { from: `'projects={ "{{ workingDir }}" = { trust_level = "trusted" } }'`, to: "'projects={}'" },
    screen: /Trust this folder\?/,
    reason: 'TrustDialog',
    keys: ['1', 'Enter'],
    approval: { dialog: 'TrustDialog', answer: 'accept' },
  },
  question: {
    type: 'tool',
    name: 'request_user_input',
    input: {
      questions: [
        {
          id: 'colour',
          header: 'Colour',
          question: 'Which colour?',
          options: [
            { label: 'Red', description: 'The colour red' },
            { label: 'Blue', description: 'The colour blue' },
          ],
        },
      ],
    },
  },
  subagent: { type: 'tool', name: 'multi_agent_v1.spawn_agent', input: { message: 'Look at the file' } },
  background: (command) => ({
    type: 'tool',
    name: 'exec_command',
    input: { ...escalated(command), yield_time_ms: 300 },
  }),
  keys: {
    grant: ['y'],
    deny: ['Escape'],
    askMode: ['BTab'],
    answer: ['1'],
    interrupt: ['Escape'],
    leave: codex.quit,
    clear: ['C-u', 'C-u'],
  },
  subagentGoesOn: true,
  backgroundIsUntold: true,
  clearAll: '/clear',
  clearsLate: true,
  denied: 'Idle',
  gaveUp: { state: 'Waiting', reason: 'TurnFailed' },
  refusals: [
    { failure: 'model-unknown', state: 'Waiting', reason: 'TurnFailed' },
    { failure: 'context-full', state: 'Waiting', reason: 'ContextFull' },
    { failure: 'quota-exceeded', state: 'Limited', reason: 'CreditsExhausted' },
  ],
  tries: TRIES,
  without: {
    goneOnWith: 'not walked: it is muxlet that does it, and Claude Code shows it',
    context: 'not walked',
    limitTold: 'it does not go on by itself',
    backgroundLater: 'no key sends a command to the background',
    projectAsks: 'not walked',
    limitUnhooked: 'not walked',
    wordsUnhooked: 'not walked',
    failedUnhooked: 'not walked',
  },
};
