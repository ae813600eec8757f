import { writeFile } from '../support/world.ts';
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
