import { type Command, Help } from 'commander';

export interface Example {
  readonly does: string;
  /** As it is typed. */
  readonly line: string;
}

/** By verb, as it is called; each of them has at least one, and test/cli/examples.test.ts tries whether they parse. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  get: [
    { does: 'All agents, with more columns, and then each that changes', line: 'muxlet get agents -o wide -w' },
    { does: 'The projects of a team that are labelled so', line: 'muxlet get projects -l team=web,stage!=old' },
    { does: 'One field of one object', line: "muxlet get project web -o jsonpath='{.status.phase}'" },
    { does: 'What is wrong in the specs, with file and line', line: 'muxlet get problems' },
  ],
  describe: [
    { does: 'A project in full: conditions, agents, events', line: 'muxlet describe project web' },
    { does: 'One agent of it', line: 'muxlet describe agent web.dev' },
  ],
  events: [
    {
      does: 'What happened to a project and its agents, and then each event as it comes',
      line: 'muxlet events --for project/web -w',
    },
    { does: 'Only what is not as it should be', line: 'muxlet events --types Warning' },
  ],
  logs: [
    { does: 'The last lines of an agent, and then what it prints', line: 'muxlet logs web -a dev --tail 50 -f' },
    { does: 'What it printed before it was started again', line: 'muxlet logs web.dev --previous' },
  ],
  attach: [
    { does: "Go to an agent's terminal; C-b d comes back, and the agent goes on", line: 'muxlet attach web -a dev' },
    { does: 'Only look on', line: 'muxlet attach web --read-only' },
  ],
  top: [
    { does: 'All agents, live; ? shows the keys', line: 'muxlet top' },
    { does: 'What projects use at present, as a table', line: 'muxlet top projects --once' },
    { does: 'Only the projects of a team', line: 'muxlet top projects -l team=web' },
  ],
  send: [
    {
      does: 'Tell one agent something, and wait until it has it',
      line: "muxlet send --to web/dev --wait 'The port is 8080, not 80.'",
    },
    {
      does: 'Remind all testers of a project once a day',
      line: "muxlet send --to web/role:tester --every 24h 'Run the whole suite.'",
    },
    {
      does: 'Tell all agents of the projects of a team',
      line: "muxlet send -l team=web 'The API has moved to v2.'",
    },
    { does: 'Send what another command prints', line: 'git log -5 | muxlet send --to web -' },
  ],
  report: [
    { does: 'An agent says that its work is done', line: "muxlet report done 'The cart works; see 3f2a91c.'" },
    { does: 'It asks its hub, or a person', line: "muxlet report question 'Which port?'" },
  ],
  apply: [
    {
      does: 'Write the objects of a file into the specs, and wait until they are ready',
      line: 'muxlet apply -f web.yaml --wait',
    },
    { does: 'Only say what would be changed', line: 'muxlet apply -f specs.d -R --dry-run' },
  ],
  create: [
    { does: 'Write the objects of a file into the specs, if none of them is there', line: 'muxlet create -f web.yaml' },
  ],
  'create project': [
    {
      does: 'A project with one agent that is any program',
      line: 'muxlet create project web --working-dir ~/src/web -- npm run dev',
    },
    {
      does: 'A project with the team that a repository needs',
      line: 'muxlet create project shop --repo ~/src/shop --goal GOAL.md',
    },
    {
      does: 'Only show it',
      line: "muxlet create project shop --repo ~/src/shop --goal 'Sell things.' --dry-run -o yaml",
    },
  ],
  'create agentclass': [
    {
      does: 'A class of agents that run one program',
      line: "muxlet create agentclass sleeper --describe 'Waits' -- sleep infinity",
    },
  ],
  import: [{ does: 'See what would become of a batch file', line: 'muxlet import batch night.json --dry-run' }],
  'import batch': [
    {
      does: 'A project for each entry, in a queue',
      line: 'muxlet import batch night.json --class claude --queue night',
    },
  ],
  edit: [{ does: 'Open the part of the spec file that holds the object', line: 'muxlet edit project web' }],
  delete: [
    {
      does: 'Remove a project from the specs, and wait until its agents have ended',
      line: 'muxlet delete project web',
    },
    { does: 'Take back a message that still waits', line: 'muxlet delete message sent-mwqoonaw-b715fa8b' },
    { does: 'Only say what would be removed', line: 'muxlet delete projects -l team=web --dry-run' },
  ],
  label: [
    { does: 'Set one label, and take another away', line: 'muxlet label project web team=platform stage-' },
    { does: 'Change it where it is set already', line: 'muxlet label projects --all team=platform --overwrite' },
  ],
  annotate: [{ does: 'Write down whose it is', line: 'muxlet annotate project web owner=sam' }],
  suspend: [
    { does: 'End the agents of a project until they are to go on', line: 'muxlet suspend project web' },
    { does: 'Leave what runs alone, and start nothing', line: 'muxlet suspend projects -l team=web --keep-session' },
  ],
  resume: [{ does: 'Go on in the same conversations', line: 'muxlet resume project web' }],
  restart: [
    { does: 'End one agent, and start it in its conversation', line: 'muxlet restart project web -a dev' },
    { does: 'All agents of all projects', line: 'muxlet restart projects --all' },
  ],
  reset: [
    {
      does: 'Begin a project from the beginning, and wait until it runs',
      line: 'muxlet reset project web --yes --wait',
    },
  ],
  reconcile: [{ does: 'Look at a repository of specs now', line: 'muxlet reconcile gitsource team' }],
  validate: [
    { does: 'Check the specs directory', line: 'muxlet validate' },
    { does: 'Check a file before it goes there', line: 'muxlet validate -f web.yaml' },
  ],
  plan: [
    { does: 'What the controller would do now', line: 'muxlet plan' },
    { does: 'The same for one project, for a program to read', line: 'muxlet plan web -o json' },
  ],
  diff: [
    { does: 'What is in the specs and not yet in force', line: 'muxlet diff' },
    { does: 'What a file would change, and which agents it would restart', line: 'muxlet diff -f web.yaml' },
  ],
  wait: [
    { does: 'Until a project is ready', line: 'muxlet wait project/web --for condition=Ready --timeout 1m' },
    {
      does: 'Until all projects of a night are done',
      line: 'muxlet wait projects -l batch=night --for phase=Completed --timeout 10h',
    },
    { does: 'Until it is gone', line: 'muxlet wait project web --for delete' },
  ],
  explain: [
    { does: 'The fields of a kind', line: 'muxlet explain project' },
    { does: 'One field and those below it', line: 'muxlet explain project.spec.agents -r' },
  ],
  'api-resources': [{ does: 'The kinds that there are, and their short names', line: 'muxlet api-resources' }],
  agentclass: [{ does: 'Check an AgentClass that you write', line: 'muxlet agentclass check my-agent.yaml' }],
  'agentclass check': [{ does: 'Every problem of it, with its line', line: 'muxlet agentclass check my-agent.yaml' }],
  'agentclass classify': [
    {
      does: 'What an agent is doing by what stands on its screen, and which rule says so',
      line: 'muxlet agentclass classify --class my-agent --screen screen.txt -o wide',
    },
  ],
  alert: [{ does: 'See whether everybody whom an Alert names can be told', line: 'muxlet alert test night' }],
  'alert test': [
    { does: 'See whether everybody whom an Alert names can be told', line: 'muxlet alert test night' },
    { does: 'Only one of them', line: 'muxlet alert test night --receiver oncall' },
  ],
  recover: [{ does: 'What does not go on by itself, and what to do about it', line: 'muxlet recover list' }],
  'recover list': [{ does: 'What does not go on by itself, and what to do about it', line: 'muxlet recover list' }],
  'recover kill-zombie': [
    { does: 'End what is left over of a project', line: 'muxlet recover kill-zombie web' },
    { does: 'And of all', line: 'muxlet recover kill-zombie --all' },
  ],
  'recover diagnostics': [
    {
      does: 'What a report of a bug needs, without secrets, in one file',
      line: 'muxlet recover diagnostics -o report.tar.gz',
    },
  ],
  audit: [{ does: 'In what specs, state, tmux and processes disagree', line: 'muxlet audit' }],
  doctor: [{ does: 'What the machine lacks', line: 'muxlet doctor' }],
  down: [{ does: 'End the controller and all its agents, without being asked', line: 'muxlet down --yes' }],
  service: [{ does: 'Have systemd or launchd run the controller', line: 'muxlet service install' }],
  'service install': [
    { does: 'Show what would be written and run; then ask, and do it', line: 'muxlet service install' },
    { does: 'Only show it', line: 'muxlet service install --dry-run' },
    {
      does: 'As a service of the machine, under an account of its own',
      line: 'sudo env "PATH=$PATH" muxlet service install --system --run-as agents --specs /srv/specs --state /srv/state',
    },
  ],
  'service uninstall': [{ does: 'End the service; its agents go on', line: 'muxlet service uninstall' }],
  'service status': [{ does: 'Whether it runs, and from which files', line: 'muxlet service status' }],
  version: [{ does: 'Versions, for a program to read', line: 'muxlet version -o json' }],
  completion: [
    { does: 'In ~/.bashrc', line: 'source <(muxlet completion bash)' },
    { does: 'For fish', line: 'muxlet completion fish > ~/.config/fish/completions/muxlet.fish' },
  ],
  help: [{ does: 'A verb below another', line: 'muxlet help create project' }],
  run: [
    { does: 'Keep the agents of ./specs running, until Ctrl-C; they go on without it', line: 'muxlet run' },
    { does: 'Converge and end, as in a script', line: 'muxlet run --once --timeout 5m' },
    {
      does: 'Several controllers on one machine',
      line: 'muxlet run --specs b/specs --state b/state --tmux-socket b --listen 127.0.0.1:0',
    },
  ],
};

/** What help says of a verb, with its examples below. */
export function formatHelp(command: Command, helper: Help): string {
  const examples = EXAMPLES[pathOf(command)] ?? [];
  const lines = examples.flatMap(({ does, line }) => [`  # ${does}`, `  ${line}`, '']);
  const help = Help.prototype.formatHelp.call(helper, command, helper);
  return lines.length === 0 ? help : `${help}\nExamples:\n${lines.join('\n')}`;
}

/** `create project`: without the program's name. */
export function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}
