import type { Command } from 'commander';

/** What people do most with a verb, for its help and for the manual page. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: ['muxlet run --specs ~/specs --state ~/state', 'muxlet run --once --timeout 5m'],
  get: ['muxlet get agents -o wide -w', "muxlet get projects -l team=a -o jsonpath='{.items[*].metadata.name}'"],
  describe: ['muxlet describe project web'],
  events: ['muxlet events --for project/web -w'],
  logs: ['muxlet logs web -a builder --tail 50 -f'],
  attach: ['muxlet attach web -a builder'],
  send: ["muxlet send --to shop/dev 'The port is 8080, not 80.'", 'git log -5 | muxlet send --to shop --wait -'],
  report: ["muxlet report done 'The cart works; see 3f2a91c.'"],
  apply: ['muxlet apply -f web.yaml --wait'],
  create: ['muxlet create project shop --repo ~/src/shop --goal GOAL.md'],
  'create project': [
    'muxlet create project web --working-dir ~/src/web -- npm run dev',
    'muxlet create project shop --repo ~/src/shop --goal "Sell things." --dry-run -o yaml',
  ],
  'create agentclass': ['muxlet create agentclass sleeper -- sleep infinity'],
  'import batch': ['muxlet import batch night.json --class claude --dry-run'],
  edit: ['muxlet edit project web'],
  delete: ['muxlet delete project web', 'muxlet delete -f web.yaml --ignore-not-found'],
  label: ['muxlet label project web team=platform'],
  annotate: ['muxlet annotate project web owner=sam'],
  suspend: ['muxlet suspend project web', 'muxlet suspend projects -l team=a --keep-session'],
  resume: ['muxlet resume project web'],
  restart: ['muxlet restart project web -a dev'],
  reset: ['muxlet reset project web --wait'],
  reconcile: ['muxlet reconcile gitsource team'],
  validate: ['muxlet validate -f web.yaml'],
  plan: ['muxlet plan web'],
  diff: ['muxlet diff'],
  wait: ['muxlet wait project/web --for condition=Ready --timeout 1m'],
  explain: ['muxlet explain project.spec.agents'],
  'api-resources': ['muxlet api-resources -o wide'],
  'agentclass check': ['muxlet agentclass check my-agent.yaml'],
  'agentclass classify': ['muxlet agentclass classify --class my-agent --screen screen.txt -o wide'],
  'recover list': ['muxlet recover list'],
  'recover kill-zombie': ['muxlet recover kill-zombie web'],
  'recover diagnostics': ['muxlet recover diagnostics -o report.tar.gz'],
  audit: ['muxlet audit'],
  doctor: ['muxlet doctor'],
  down: ['muxlet down'],
  service: ['muxlet service install', 'muxlet service status'],
  'service install': [
    'muxlet service install --dry-run',
    'muxlet service install --user --listen 127.0.0.1:9780 --yes',
  ],
  version: ['muxlet version -o json'],
  completion: ['source <(muxlet completion bash)', 'muxlet completion fish | source'],
  help: ['muxlet help create project'],
};

export function examplesOf(command: Command): readonly string[] {
  return EXAMPLES[pathOf(command)] ?? [];
}

/** Puts them at the end of every verb's help, of verbs that are added later as well. */
export function addExamples(program: Command): void {
  program.addHelpText('afterAll', ({ command }) => {
    const examples = examplesOf(command);
    return examples.length === 0 ? '' : ['', 'Examples:', ...examples.map((line) => `  ${line}`)].join('\n');
  });
}

/** The words that lead to a command, without the program's name. */
export function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}
