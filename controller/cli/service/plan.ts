import { join } from 'node:path';
import { MuxletError } from '../../api/errors.ts';
import { checkSeparate } from '../check-places.ts';
import type { CliDeps, Env, Places } from '../ports.ts';
import { parseListen } from '../run.ts';
import { launchd } from './launchd.ts';
import type { Manager, Service } from './service.ts';
import { systemd } from './systemd.ts';

export interface ServiceFlags {
  readonly user?: true;
  readonly system?: true;
  readonly listen?: string;
  readonly runAs?: string;
}

export interface Plan {
  readonly service: Service;
  readonly manager: Manager;
}

/** Beside a first service, which has the usual port. What looks for the controller asks its state directory. */
const ANY_PORT = '127.0.0.1:0';

/** What is asked for, by flags and surroundings. @throws MUX_USAGE where that cannot be a service here */
export function planService(flags: ServiceFlags, places: Places, deps: CliDeps): Plan {
  checkSeparate(places);
  const { env, self, home } = deps;
  if (flags.user && flags.system) throw new MuxletError('MUX_USAGE', '--user and --system are two services');
  // Whom root asks for a service, the machine is to have it.
  const scope = flags.system || (!flags.user && self.uid === 0) ? 'system' : 'user';
  if (scope === 'user' && flags.runAs !== undefined) {
    throw new MuxletError('MUX_USAGE', "--run-as is the machine's service's; that of a person runs as that person");
  }
  const listen = flags.listen ?? env['MUXLET_LISTEN'];
  if (listen) parseListen(listen);
  const isFirst = places.socket === 'muxlet';
  return {
    manager: managerOf(self.platform, {
      configHome: env['XDG_CONFIG_HOME'] || join(home, '.config'),
      home,
      uid: self.uid,
    }),
    service: {
      scope,
      name: isFirst ? 'muxlet' : `muxlet-${places.socket}`,
      argv: self.argv,
      places,
      listen: listen || (isFirst ? undefined : ANY_PORT),
      runAs: scope === 'system' ? accountOf(flags.runAs, env) : undefined,
      environment: environmentOf(env, scope),
    },
  };
}

function managerOf(
  platform: string,
  { configHome, home, uid }: { configHome: string; home: string; uid: number },
): Manager {
  if (platform === 'linux') return systemd(configHome);
  if (platform === 'darwin') return launchd({ home, uid });
  throw new MuxletError('MUX_USAGE', `services are made for systemd and launchd, not for ${platform}`);
}

function accountOf(wanted: string | undefined, env: Env): string {
  const account = wanted ?? (env['SUDO_USER'] || 'root');
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/.test(account)) return account;
  throw new MuxletError('MUX_USAGE', `"${account}" is no name of an account`);
}

/** What a shell has and a service manager has not, and either the controller or programs of agents go by. */
const KEPT = ['LANG', 'LC_ALL', 'TMUX_TMPDIR'] as const;
/** Of a person's own only: root's folders are not those of the account that the service runs as. */
const KEPT_OF_PERSON = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'] as const;
/** Flags of `muxlet run` that are seldom given. */
const SETTINGS = ['MUXLET_RESYNC', 'MUXLET_ORPHAN_GRACE', 'MUXLET_ALLOW_INSECURE_SPECS', 'MUXLET_TEAM_WAIT'] as const;

function environmentOf(env: Env, scope: Service['scope']): Record<string, string> {
  const names = [...KEPT, ...(scope === 'user' ? KEPT_OF_PERSON : []), ...SETTINGS];
  return {
    PATH: pathOf(env['PATH']),
    ...Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
  };
}

/** Agents' programs are where this shell finds them. What npx put before that, and an agent's shim, last for one command. */
function pathOf(path = '/usr/local/bin:/usr/bin:/bin'): string {
  const passing = /\/node_modules\/\.bin$|\/_npx\/|node-gyp-bin$|\/state\/bin$/;
  const kept = path.split(':').filter((folder) => folder.startsWith('/') && !passing.test(folder));
  return [...new Set(kept)].join(':');
}
