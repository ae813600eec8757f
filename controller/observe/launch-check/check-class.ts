import { constants } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DesiredAgent } from '../../api/desired.ts';
import { hasCode } from '../../api/errors.ts';
import { agentFiles } from '../../api/launch-record.ts';
import { agentVariables } from '../../template/agent-variables.ts';
import { composeArgv, composeEnv, composeFiles, composeIfExists, isPlain } from '../../template/compose-launch.ts';
import { parseMergeable } from '../../template/merge-json.ts';
import type { TemplateVariables } from '../../template/render-text.ts';
import type { Finding } from './finding.ts';

export interface ClassChecks {
  readonly home: string;
  readonly agents: string;
}

/** Stands for ids that only the start will bring: what is checked is whether the templates can be filled in. */
const SOME_ID = '00000000-0000-0000-0000-000000000000';
const SOME_VALUE = 'value';

/** Whether all that the class says of a start can be filled in, and the user's files can be merged into. */
export async function checkClass(agent: DesiredAgent, checks: ClassChecks): Promise<Finding | undefined> {
  if (isPlain(agent)) return undefined;
  const variables = await someVariables(agent, checks);
  const { directory } = agentFiles(checks.agents, SOME_ID, agent.name);
  try {
    composeEnv(agent, variables);
    composeArgv(agent, 'Start', variables);
    if (agent.program.resume !== undefined) composeArgv(agent, 'Resume', variables);
    composeIfExists(agent, variables);
    for (const { path, isOwn, content } of composeFiles(agent, { directory, variables, envOf: () => SOME_VALUE })) {
      const wrong = isOwn ? undefined : content.type === 'Text' ? NOT_OWN : await whyUnmergeable(path);
      if (wrong !== undefined) return { reason: 'FileUnmergeable', message: `${path}: ${wrong}` };
    }
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'MUX_TEMPLATE') || !(error instanceof Error)) throw error;
    return { reason: 'TemplateInvalid', message: error.message };
  }
}

const NOT_OWN = 'text can only be written below agentDir';

async function someVariables(agent: DesiredAgent, { agents, home }: ClassChecks): Promise<TemplateVariables> {
  const { program, name, workingDir, env } = agent;
  const ownHome = env.find((variable) => variable.name === 'HOME' && 'value' in variable);
  const hasId = (program.conversation?.id ?? 'None') !== 'None';
  return agentVariables({
    agents,
    home: ownHome !== undefined && 'value' in ownHome ? ownHome.value : home,
    project: 'project',
    projectUid: SOME_ID,
    agent: name,
    workingDir: await realpath(workingDir).catch(() => workingDir),
    run: '0',
    port: 1,
    prompt: '',
    ...(hasId && { conversation: SOME_ID }),
  });
}

async function whyUnmergeable(path: string): Promise<string | undefined> {
  try {
    const parsed = parseMergeable(await readFile(path, 'utf8'));
    if (parsed.type === 'Unmergeable') return parsed.message;
    // It is replaced, not written: its folder has to let us.
    await access(dirname(await realpath(path)), constants.W_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? whyNotMade(dirname(path)) : `it cannot be read or written (${code})`;
  }
}

async function whyNotMade(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' && folder !== dirname(folder)) return whyNotMade(dirname(folder));
    return `it cannot be made (${code}: ${folder})`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
