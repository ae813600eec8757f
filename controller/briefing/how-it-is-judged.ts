import type { DesiredRule } from '../api/completing.ts';
import type { DesiredBriefing } from '../api/desired.ts';
import { quoteArgv } from '../api/quote-argv.ts';

export type JudgedBy = Pick<DesiredBriefing, 'completion' | 'verification'>;

/** By what it is seen that the work is done, for an agent; undefined if nobody said so. */
export function howItIsJudged(agent: string, { completion, verification }: JudgedBy): string | undefined {
  if (completion === undefined && verification === undefined) return undefined;
  const rules = completion?.rules.map((rule) => `- ${ruleInWords(rule, agent)}`) ?? [];
  const { require = 'All', quorum = 0 } = completion ?? {};
  const enough =
    require === 'All' ? 'all of this is so' : require === 'Any' ? 'one of this is so' : `${quorum} of these are so`;
  const commands = verification?.commands.map(({ argv }) => `- ${quoteArgv(argv)}`) ?? [];
  return [
    ...(rules.length === 0 ? [] : [`The work counts as done when ${enough}, in this attempt:`, ...rules]),
    ...(commands.length === 0
      ? []
      : [
          'Then these commands must exit with 0 in a clean checkout of what is committed; what fails comes back to the team:',
          ...commands,
        ]),
    'No words on your screen count for it. If you are started again, say once more what still holds.',
  ].join('\n');
}

function ruleInWords({ agents, of, sign }: DesiredRule, agent: string): string {
  const who = whoInWords(agents, of, agent);
  switch (sign.type) {
    case 'Report':
      return `muxlet report done, by ${who}`;
    case 'Commits': {
      const which = sign.matching === undefined ? '' : ` with a message that matches /${sign.matching}/`;
      return `${sign.atLeast} or more commits${which}, by ${who}`;
    }
    case 'Plan':
      return `all tasks ('- [ ]') of ${sign.file} are ticked, by ${who}`;
    case 'File': {
      const which = sign.matching === undefined ? '' : `, and matches /${sign.matching}/`;
      return `the file ${sign.path} is written in the working directory${which}, by ${who}`;
    }
    case 'Command':
      return `${quoteArgv(sign.argv)} exits with 0, in the working directory of ${who}`;
    case 'Judge':
      return `${quoteArgv(sign.argv)} says yes, asked whether the goal is reached by the work of ${who}`;
    case 'Idle':
      return `rest: nothing left to do for ${sign.forMs / 1000} seconds, for ${who}`;
    case 'Screen':
      return `a line that matches /${sign.matching}/ on the screen of ${who}`;
  }
}

function whoInWords(agents: readonly string[], of: 'All' | 'Any', agent: string): string {
  const names = agents.map((name) => (name === agent ? 'you' : name));
  if (names.length < 2) return names.join('');
  return of === 'All' ? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}` : `one of ${names.join(', ')}`;
}
