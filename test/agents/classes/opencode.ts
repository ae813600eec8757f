import { writeFile } from '../support/world.ts';
import type { AgentProgram } from './agent-program.ts';

export const opencode: AgentProgram = {
  name: 'opencode',
  arrange: ({ home, url }) => {
    writeFile(`${home}/.config/opencode/opencode.json`, {
      model: 'mock/mock-model',
      small_model: 'mock/mock-model',
      autoupdate: false,
      share: 'disabled',
      permission: { bash: 'ask', edit: 'ask' },
      provider: {
        mock: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${url}/v1`, apiKey: 'made-up-key-of-a-test' },
          models: { 'mock-model': { name: 'Mock' } },
        },
      },
    });
  },
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    // It installs a package at its start; without a network the tries would keep it from drawing anything.
    npm_config_fetch_retries: '0',
  }),
  args: (prompt) => (prompt === undefined ? [] : ['--prompt', prompt]),
  ready: /Ask anything|ctrl\+p commands/,
  refused: /Incorrect API key provided/,
  quit: '/exit',
};
