import { writeFile } from '../support/world.ts';
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
