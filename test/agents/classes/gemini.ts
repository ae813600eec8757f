import { writeFile } from '../support/world.ts';
import type { AgentProgram } from './agent-program.ts';

export const gemini: AgentProgram = {
  name: 'gemini',
  arrange: ({ home }) => {
    writeFile(`${home}/.gemini/settings.json`, {
      security: { auth: { selectedType: 'gemini-api-key' } },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    });
  },
  env: ({ url }) => ({
    GEMINI_API_KEY: 'made-up-key-of-a-test',
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  // Without a model it first asks a router model which one to take.
  args: (prompt) => ['--model', 'gemini-2.5-flash', ...(prompt === undefined ? [] : ['--prompt-interactive', prompt])],
  ready: /Type your message/,
  refused: /✕ \[API Error: .*"code":401/,
  quit: '/quit',
};
