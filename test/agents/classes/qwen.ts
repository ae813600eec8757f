import { writeFile } from '../support/world.ts';
import type { AgentProgram } from './agent-program.ts';

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
    OPENAI_API_KEY: 'made-up-key-of-a-test',
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_MODEL: 'mock-model',
  }),
  args: (prompt) => ['--approval-mode', 'default', ...(prompt === undefined ? [] : ['--prompt-interactive', prompt])],
  ready: /Type your message/,
  refused: /✕ \[API Error: 401/,
  quit: '/quit',
};
