import { writeFile } from '../support/world.ts';
import type { Place, WalkedClass } from '../walk/walked-class.ts';
import type { AgentProgram } from './agent-program.ts';

const KEY = 'made-up-key-of-a-test';
/** Without a model it first asks a router model which one to take. */
const MODEL = ['--model', 'gemini-2.5-flash'];

function configure({ home }: Pick<Place, 'home'>, more: object = {}): void {
  writeFile(`${home}/.gemini/settings.json`, {
    ...more,
    // Its ten tries take minutes.
    general: { enableAutoUpdate: false, maxAttempts: 2 },
    privacy: { usageStatisticsEnabled: false },
  });
}

export const gemini: AgentProgram = {
  name: 'gemini',
  arrange: (world) => configure(world, { security: { auth: { selectedType: 'gemini-api-key' } } }),
  env: ({ url }) => ({
    GEMINI_API_KEY: KEY,
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  args: (prompt) => [...MODEL, ...(prompt === undefined ? [] : ['--prompt-interactive', prompt])],
  ready: /Type your message/,
  refused: /✕ \[API Error: .*"code":401/,
  quit: '/quit',
};

export const geminiWalk: WalkedClass = {
  name: 'gemini',
  exported: { GEMINI_API_KEY: KEY },
  env: ({ url }) => ({ GOOGLE_GEMINI_BASE_URL: url }),
  args: MODEL,
  configure: (place) => configure(place),
  asks: (file) => ({
    type: 'tool',
    name: 'run_shell_command',
    input: { command: `touch ${file}`, description: 'Makes a file' },
  }),
  question: {
    type: 'tool',
    name: 'ask_user',
    input: {
      questions: [
        {
          question: 'Which colour?',
          header: 'Colour',
          type: 'choice',
          options: [
            { label: 'Red', description: 'The colour red' },
            { label: 'Blue', description: 'The colour blue' },
          ],
        },
      ],
    },
  },
  subagent: { type: 'tool', name: 'invoke_agent', input: { agent_name: 'generalist', prompt: 'Look at the file' } },
  keys: {
    grant: ['Enter'],
    deny: ['Escape'],
    answer: ['Enter'],
    interrupt: ['Escape'],
    leave: gemini.quit,
    clear: ['C-u'],
    leaveLimit: ['2'],
  },
  asksTwice: ([first, second]) => {
    const touch = (file: string) => ({
      name: 'run_shell_command',
      input: { command: `touch ${file}`, description: 'Makes a file' },
    });
    return { type: 'tool', ...touch(first), and: [touch(second)] };
  },
  runsThemTogether: true,
  writes: (file, text) => ({ type: 'tool', name: 'write_file', input: { file_path: file, content: text } }),
  edits: (file, from, to) => ({
    type: 'tool',
    name: 'replace',
    input: { file_path: file, instruction: 'Take the other word', old_string: from, new_string: to },
  }),
  approval: { dialog: 'PermissionPrompt', answer: 'once' },
  clearAll: '/clear',
  denied: 'Idle',
  gaveUp: { state: 'Waiting', reason: 'TurnFailed' },
  refusals: [
    { failure: 'forbidden', state: 'NeedsAuth' },
    { failure: 'revoked', state: 'NeedsAuth' },
    { failure: 'model-unknown', state: 'Waiting', reason: 'TurnFailed' },
  ],
  leftLimit: { state: 'Waiting', reason: 'TurnFailed' },
  limitIsUntold: true,
  tries: 1,
  without: {
    goneOnWith: 'it tries for longer than a walk may take, however few tries it is allowed',
    firstRun: 'it takes up its first prompt behind the question whether it may trust the folder',
    context: 'not walked',
    limitTold: 'it does not go on by itself',
    backgroundLater: 'no key sends a command to the background',
    projectAsks: 'not walked: it asks while it works, or after that',
    limitUnhooked: 'not walked',
    wordsUnhooked: 'not walked',
    failedUnhooked: 'not walked',
    firstRunApproved: 'it takes up its first prompt behind the question whether it may trust the folder',
    gaveUp: 'it tries for longer than a walk may take, however few tries it is allowed',
    background: 'it tells nobody, its model included, of the end of a command that runs on after its turn',
    limitEnds: 'it does not say when, and asks what to do: the five minutes of the fallback are too long for a walk',
  },
};
