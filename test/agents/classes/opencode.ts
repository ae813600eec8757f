import { writeFile } from '../support/world.ts';
import type { Place, WalkedClass } from '../walk/walked-class.ts';
import type { AgentProgram } from './agent-program.ts';

const KEY = 'made-up-key-of-a-test';
/** Without a network what it wants to download is waited for. */
const OFFLINE = {
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
};

function configure({ home, url }: Pick<Place, 'home' | 'url'>): void {
  writeFile(`${home}/.config/opencode/opencode.json`, {
    model: 'mock/mock-model',
    small_model: 'mock/mock-model',
    autoupdate: false,
    share: 'disabled',
    permission: { bash: 'ask', edit: 'ask' },
    provider: {
      mock: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${url}/v1`, apiKey: KEY },
        models: { 'mock-model': { name: 'Mock' } },
      },
    },
  });
}

export const opencode: AgentProgram = {
  name: 'opencode',
  arrange: configure,
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    ...OFFLINE,
    // It installs a package at its start; without a network the tries would keep it from drawing anything.
    npm_config_fetch_retries: '0',
  }),
  args: (prompt) => (prompt === undefined ? [] : ['--prompt', prompt]),
  ready: /Ask anything|ctrl\+p commands/,
  refused: /Incorrect API key provided/,
  quit: '/exit',
};

export const opencodeWalk: WalkedClass = {
  name: 'opencode',
  exported: {},
  env: () => OFFLINE,
  args: [],
  configure,
  asks: (file) => ({ type: 'tool', name: 'bash', input: { command: `touch ${file}`, description: 'Makes a file' } }),
  asksTwice: ([first, second]) => {
    const touch = (file: string) => ({
      name: 'bash',
      input: { command: `touch ${file}`, description: 'Makes a file' },
    });
    return { type: 'tool', ...touch(first), and: [touch(second)] };
  },
  writes: (file, text) => ({ type: 'tool', name: 'write', input: { filePath: file, content: text } }),
  edits: (file, from, to) => ({
    type: 'tool',
    name: 'edit',
    input: { filePath: file, oldString: from, newString: to },
  }),
  approval: { dialog: 'PermissionPrompt', answer: 'once' },
  question: {
    type: 'tool',
    name: 'question',
    input: {
      questions: [
        {
          question: 'Which colour?',
          header: 'Colour',
          options: [
            { label: 'Red', description: 'The colour red' },
            { label: 'Blue', description: 'The colour blue' },
          ],
        },
      ],
    },
  },
  subagent: { type: 'tool', name: 'task', input: { description: 'Look', prompt: 'Look', subagent_type: 'general' } },
  keys: {
    grant: ['Enter'],
    deny: ['Escape'],
    answer: ['Enter'],
    interrupt: ['Escape', 'Escape'],
    leave: opencode.quit,
    leaveLimit: ['Escape', 'Escape'],
  },
  triesAgain: true,
  denied: 'Idle',
  endsLate: true,
  gaveUp: { state: 'Waiting', reason: 'TurnFailed' },
  refusals: [
    { failure: 'forbidden', state: 'NeedsAuth' },
    { failure: 'model-unknown', state: 'Waiting', reason: 'TurnFailed' },
  ],
  asksLate: true,
  isHeavy: true,
  tries: 1,
  without: {
    goneOnWith: 'it tries again for ever',
    context: 'its server and its records tell how much was used, and not of how much',
    limitTold: 'nobody tells it: it tries again by itself',
    backgroundLater: 'no key sends a command to the background',
    projectAsks: 'not walked',
    cleared: 'not walked',
    limitUnhooked: 'not walked',
    wordsUnhooked: 'not walked',
    failedUnhooked: 'not walked',
    firstRun: 'it asks nothing when it is started first',
    firstRunApproved: 'it asks nothing when it is started first',
    background: 'its tools end with their turn',
    gaveUp: 'it tries again for ever',
  },
};
