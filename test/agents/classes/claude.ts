import { mcpServers, writeFile } from '../support/world.ts';
import type { WalkedClass } from '../walk/walked-class.ts';
import type { AgentProgram } from './agent-program.ts';

const KEY = 'sk-ant-api03-made-up-key-of-a-test-0123456789';

export const claude: AgentProgram = {
  name: 'claude',
  arrange: ({ home, directory }) => {
    writeFile(`${home}/.claude.json`, {
      hasCompletedOnboarding: true,
      customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
      projects: { [directory]: { hasTrustDialogAccepted: true } },
      hasSeenAutoDefaultNudge: true,
      hasSeenAutoDefaultNotice: true,
    });
  },
  env: ({ url }) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: KEY,
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '2',
  }),
  args: (prompt) => ['--permission-mode', 'manual', ...(prompt === undefined ? [] : [prompt])],
  ready: /^❯\s*$/m,
  refused: /Invalid API key · Fix external API key/,
  quit: '/exit',
};

const TRIES = 2;

export const claudeWalk: WalkedClass = {
  name: 'claude',
  exported: { ANTHROPIC_API_KEY: KEY },
  exportedOfAccount: { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-made-up-token-of-a-test-0123456789' },
  env: ({ url }) => ({
    ANTHROPIC_BASE_URL: url,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: String(TRIES),
  }),
  // Its default is a classifier that asks the model whether to ask.
  args: ['--permission-mode', 'manual'],
  asks: (file) => ({ type: 'tool', name: 'Bash', input: { command: `touch ${file}`, description: 'Makes a file' } }),
  asksTwice: ([first, second]) => {
    const bash = (file: string) => ({ name: 'Bash', input: { command: `touch ${file}`, description: 'Makes a file' } });
    return { type: 'tool', ...bash(first), and: [bash(second)] };
  },
  writes: (file, text) => ({ type: 'tool', name: 'Write', input: { file_path: file, content: `${text}\n` } }),
  edits: (file, from, to) => ({
    type: 'tool',
    name: 'Edit',
    input: { file_path: file, old_string: from, new_string: to },
  }),
  asking: /❯ 1\. Yes/,
  approval: { dialog: 'PermissionPrompt', answer: 'once' },
  context: { tokens: 950_000, compact: '/compact' },
  goesOn: {
    prompt: /^Your claude\.ai usage limit has reset\. Continue the task/,
    sooner: { from: 'laterSeconds: 240', to: 'laterSeconds: 20' },
  },
  switchesHooksOff: (home) => writeFile(`${home}/.claude/settings.json`, { disableAllHooks: true }),
  clearAll: '/clear',
  laterSeconds: 240,
  firstRun: {
    unanswered: { from: 'hasTrustDialogAccepted: true', to: 'hasTrustDialogAccepted: false' },
    screen: /Yes, I trust this folder/,
    reason: 'TrustDialog',
    keys: ['Down', 'Enter'],
    approval: { dialog: 'TrustDialog', answer: 'accept' },
  },
  projectAsks: {
    approved: { dialog: 'McpServersDialog', answer: 'decline' },
    asked: { reason: 'ImportsDialog', keys: ['Down', 'Enter'] },
    files: { '.mcp.json': mcpServers('one', 'two'), 'CLAUDE.md': 'See @../outside.md\n', '../outside.md': 'Outside\n' },
    next: { files: { '.mcp.json': mcpServers('one', 'two', 'three') }, reason: 'McpServerDialog', keys: ['Enter'] },
  },
  question: {
    type: 'tool',
    name: 'AskUserQuestion',
    input: {
      questions: [
        {
          question: 'Which colour?',
          header: 'Colour',
          multiSelect: false,
          options: [
            { label: 'Red', description: 'The colour red' },
            { label: 'Blue', description: 'The colour blue' },
          ],
        },
      ],
    },
  },
  subagent: {
    type: 'tool',
    name: 'Agent',
    input: { description: 'Look', prompt: 'Look at the file', subagent_type: 'general-purpose' },
  },
  subagentIsTold: true,
  background: (command) => ({
    type: 'tool',
    name: 'Bash',
    input: { command, description: 'Takes a while', run_in_background: true },
  }),
  keys: {
    grant: ['1'],
    deny: ['Escape'],
    answer: ['1'],
    interrupt: ['Escape'],
    leave: claude.quit,
    clear: ['C-u', 'C-u'],
  },
  denied: 'Idle',
  gaveUp: { state: 'Waiting', reason: 'TurnFailed' },
  retriedSoon: { from: 'policy: resume', to: 'policy: resume\n    retryMinutes: 0.02' },
  refusals: [
    { failure: 'revoked', state: 'NeedsAuth' },
    { failure: 'model-unknown', state: 'Waiting', reason: 'TurnFailed' },
    { failure: 'context-full', state: 'Waiting', reason: 'ContextFull' },
    { failure: 'quota-exceeded', state: 'Limited', reason: 'CreditsExhausted' },
  ],
  asksLate: true,
  tries: TRIES,
  without: { backgroundLater: 'not walked: its file says the same of all commands in the background' },
};
