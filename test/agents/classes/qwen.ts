import { mcpServers, writeFile } from '../support/world.ts';
import type { WalkedClass } from '../walk/walked-class.ts';
import type { AgentProgram } from './agent-program.ts';

const KEY = 'made-up-key-of-a-test';
/** Its default is a classifier that asks the model whether to ask. */
const MODE = ['--approval-mode', 'default'];

export const qwen: AgentProgram = {
  name: 'qwen',
  arrange: ({ home }) => {
    writeFile(`${home}/.qwen/settings.json`, {
      // Else a suggested text stands in the box, and Enter takes it.
      ui: { enableFollowupSuggestions: false },
      // Else each turn is followed by a request of its own, with tools, that asks what to remember.
      memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    });
  },
  env: ({ url }) => ({
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_MODEL: 'mock-model',
  }),
  args: (prompt) => [...MODE, ...(prompt === undefined ? [] : ['--prompt-interactive', prompt])],
  ready: /Type your message/,
  refused: /✕ \[API Error: 401/,
  quit: '/quit',
};

export const qwenWalk: WalkedClass = {
  name: 'qwen',
  exported: { OPENAI_API_KEY: KEY },
  env: ({ url }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: 'mock-model' }),
  args: MODE,
  asks: (file) => ({
    type: 'tool',
    name: 'run_shell_command',
    input: { command: `touch ${file}`, description: 'Makes a file', is_background: false },
  }),
  projectAsks: {
    asked: { reason: 'McpServerDialog', keys: ['Enter'] },
    files: { '.mcp.json': mcpServers('one') },
    next: { files: { '.mcp.json': mcpServers('one', 'two') }, reason: 'McpServerDialog', keys: ['Escape'] },
  },
  question: {
    type: 'tool',
    name: 'ask_user_question',
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
    name: 'agent',
    input: { description: 'Look', prompt: 'Look at the file', subagent_type: 'general-purpose' },
  },
  subagentAsks: true,
  background: (command) => ({
    type: 'tool',
    name: 'run_shell_command',
    input: { command, description: 'Takes a while', is_background: true },
  }),
  runs: (command) => ({
    type: 'tool',
    name: 'run_shell_command',
    input: { command, description: 'Takes a while', is_background: false },
  }),
  keys: {
    grant: ['Enter'],
    toBackground: ['C-b'],
    deny: ['Escape'],
    answer: ['Enter'],
    interrupt: ['Escape'],
    leave: qwen.quit,
    clear: ['C-u'],
  },
  asksTwice: ([first, second]) => {
    const touch = (file: string) => ({
      name: 'run_shell_command',
      input: { command: `touch ${file}`, description: 'Makes a file', is_background: false },
    });
    return { type: 'tool', ...touch(first), and: [touch(second)] };
  },
  asking: /Waiting for user confirmation/,
  runsThemTogether: true,
  writes: (file, text) => ({ type: 'tool', name: 'write_file', input: { file_path: file, content: text } }),
  edits: (file, from, to) => ({
    type: 'tool',
    name: 'edit',
    input: { file_path: file, old_string: from, new_string: to },
  }),
  approval: { dialog: 'PermissionPrompt', answer: 'once' },
  clearAll: '/clear',
  denied: 'Idle',
  gaveUp: { state: 'Waiting', reason: 'TurnFailed' },
  refusals: [
    { failure: 'forbidden', state: 'NeedsAuth' },
    { failure: 'model-unknown', state: 'Waiting', reason: 'TurnFailed' },
  ],
  asksLate: true,
  tries: 1,
  without: {
    goneOnWith: 'not walked: it is muxlet that does it, and Claude Code shows it',
    firstRun: 'with a key in its environment it asks nothing when it is started first',
    context: 'not walked',
    limitTold: 'it does not go on by itself',
    limitUnhooked: 'it waits for as long as the service says, and shows nothing of it',
    wordsUnhooked: 'not walked',
    failedUnhooked: 'not walked',
    firstRunApproved: 'with a key in its environment it asks nothing when it is started first',
    limit: 'it waits for as long as the service says, and shows nothing of it',
    limitEnds: 'it waits for as long as the service says, and shows nothing of it',
  },
};
