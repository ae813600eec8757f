import { join } from 'node:path';

export interface BannerFacts {
  readonly version: string;
  /** host:port */
  readonly address: string;
  readonly projects: readonly string[];
  readonly specs: string;
  readonly state: string;
  readonly socket: string;
  /** The directory that a person's commands start from. */
  readonly cwd: string;
}

const NAMED = 4;

/** What a person who has just started the controller wants to know: what it converges on, and how to look at it. */
export function bannerOf({ version, address, projects, cwd, ...places }: BannerFacts): string {
  const command = ['npx muxlet', ...flagsOf(places, cwd)].join(' ');
  const first = projects[0] ?? 'PROJECT';
  const rows = [
    ['specs', `${places.specs}: ${listOf(projects)}`],
    ['state', places.state],
    ['tmux', `server ${places.socket} (tmux -L ${places.socket})`],
    ['metrics', `http://${address}/metrics`],
    ['look', `${command} get projects`],
    ['attach', `${command} attach ${first}   (back with C-b d)`],
    ['end', `Ctrl-C ends the controller, and the agents go on; ${command} down ends them as well`],
  ];
  return [
    `muxlet ${version} keeps what stands in specs true`,
    ...rows.map(([name = '', text = '']) => `  ${name.padEnd(9)}${text}`),
  ].join('\n');
}

function listOf(projects: readonly string[]): string {
  if (projects.length === 0) return 'no projects yet';
  const more = projects.length - NAMED;
  const names = projects.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${projects.length === 1 ? 'project' : 'projects'} ${names}`;
}

/** What another terminal must be told, since its environment may lack what was set in this one. */
function flagsOf({ specs, state, socket }: Pick<BannerFacts, 'specs' | 'state' | 'socket'>, cwd: string): string[] {
  return [
    ...(specs === join(cwd, 'specs') ? [] : ['--specs', specs]),
    ...(state === join(cwd, 'state') ? [] : ['--state', state]),
    ...(socket === 'muxlet' ? [] : ['--tmux-socket', socket]),
  ];
}
