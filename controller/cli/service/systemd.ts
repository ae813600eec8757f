import { join } from 'node:path';
import { withMark } from './mark.ts';
import type { Manager, Service } from './service.ts';
import { auditTimer, auditUnit, controllerUnit } from './systemd-units.ts';

/** @param configHome $XDG_CONFIG_HOME, or ~/.config */
export function systemd(configHome: string): Manager {
  const folder = ({ scope }: Service) =>
    scope === 'user' ? join(configHome, 'systemd', 'user') : '/etc/systemd/system';
  return {
    program: 'systemctl',
    files(service) {
      const file = (name: string, text: string) => ({ path: join(folder(service), name), text: withMark(text, '#') });
      return [
        file(`${service.name}.service`, controllerUnit(service)),
        file(`${service.name}-audit.service`, auditUnit(service)),
        file(`${service.name}-audit.timer`, auditTimer(service)),
      ];
    },
    startCommands(service, { isActive }) {
      return [
        systemctl(service, 'daemon-reload'),
        systemctl(service, 'enable', ...unitsOf(service)),
        systemctl(service, isActive ? 'restart' : 'start', ...unitsOf(service)),
      ];
    },
    stopCommands: (service) => [systemctl(service, 'disable', '--now', ...[...unitsOf(service)].reverse())],
    forgetCommands: (service) => [systemctl(service, 'daemon-reload')],
    standing: {
      command: (service) => systemctl(service, 'show', `${service.name}.service`, `--property=${PROPERTIES.join(',')}`),
      read: readStanding,
    },
    looks(service) {
      const user = service.scope === 'user' ? ' --user' : '';
      return [
        [`systemctl${user} status ${service.name}`, 'how it stands'],
        [`journalctl${user} -u ${service.name} -f`, 'what it says'],
        [`systemctl${user} restart ${service.name}`, 'start the controller anew; agents go on'],
        [`systemctl${user} list-timers ${service.name}-audit.timer`, 'when the next audit is'],
      ];
    },
  };
}

function unitsOf({ name }: Service): readonly string[] {
  return [`${name}.service`, `${name}-audit.timer`];
}

function systemctl({ scope }: Service, ...words: readonly string[]): readonly string[] {
  return ['systemctl', ...(scope === 'user' ? ['--user'] : []), '--no-pager', ...words];
}

const PROPERTIES = [
  'LoadState',
  'UnitFileState',
  'ActiveState',
  'SubState',
  'Result',
  'MainPID',
  'StatusText',
] as const;

function readStanding(answer: string) {
  const found = new Map(answer.split('\n').map((line) => splitOnce(line, '=')));
  const [load, enabled, active, sub, result, pid, text] = PROPERTIES.map((name) => found.get(name) || undefined);
  if (load === undefined || load === 'not-found') return { isActive: false, words: 'not known to systemd' };
  const words = [
    `${active} (${sub})`,
    ...(enabled === undefined ? [] : [enabled]),
    ...(pid === undefined || pid === '0' ? [] : [`process ${pid}`]),
    ...(result === undefined || result === 'success' ? [] : [`the last run ended with ${result}`]),
    ...(text === undefined ? [] : [text]),
  ];
  return {
    isActive: active === 'active' || active === 'reloading' || active === 'activating',
    words: words.join(', '),
  };
}

function splitOnce(line: string, separator: string): readonly [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
