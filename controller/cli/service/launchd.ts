import { join } from 'node:path';
import { type Plist, plistText } from './launchd-plist.ts';
import { withMark } from './mark.ts';
import { auditWords, type Manager, runWords, type Service } from './service.ts';

export interface LaunchdOptions {
  readonly home: string;
  readonly uid: number;
}

const AUDIT_SECONDS = 3600;

/**
 * macOS' launchd (launchd.plist(5)). It ends what is in a job's process group along with the job; a tmux server is in a
 * session and a group of its own, and AbandonProcessGroup says it once more.
 */
export function launchd({ home, uid }: LaunchdOptions): Manager {
  const folder = ({ scope }: Service) =>
    scope === 'user' ? join(home, 'Library/LaunchAgents') : '/Library/LaunchDaemons';
  const domain = ({ scope }: Service) => (scope === 'user' ? `gui/${uid}` : 'system');
  const logs = ({ scope }: Service) => (scope === 'user' ? join(home, 'Library/Logs') : '/Library/Logs');
  const path = (service: Service, label: string) => join(folder(service), `${label}.plist`);

  function job(service: Service, label: string, own: { readonly [key: string]: Plist }): Plist {
    const log = join(logs(service), `${label}.log`);
    return {
      Label: label,
      ...own,
      ...(service.runAs === undefined ? {} : { UserName: service.runAs }),
      WorkingDirectory: service.scope === 'user' ? home : '/',
      EnvironmentVariables: service.environment,
      StandardOutPath: log,
      StandardErrorPath: log,
    };
  }

  const bootout = (service: Service, label: string) => ['launchctl', 'bootout', `${domain(service)}/${label}`];
  const bootstrap = (service: Service, label: string) => [
    'launchctl',
    'bootstrap',
    domain(service),
    path(service, label),
  ];

  return {
    program: 'launchctl',
    files(service) {
      const file = (label: string, own: { readonly [key: string]: Plist }) => ({
        path: path(service, label),
        text: withMark(plistText(job(service, label, own)), '<!--'),
      });
      return [
        file(labelOf(service), {
          ProgramArguments: [...service.argv, ...runWords(service), '--log-format', 'json'],
          RunAtLoad: true,
          // 'muxlet down' ends it for good: that is an exit of 0.
          KeepAlive: { SuccessfulExit: false },
          ThrottleInterval: 10,
          ExitTimeOut: 20,
          AbandonProcessGroup: true,
          SoftResourceLimits: { NumberOfFiles: 65_536 },
        }),
        file(auditOf(service), {
          ProgramArguments: [...service.argv, ...auditWords(service)],
          StartInterval: AUDIT_SECONDS,
          Nice: 10,
        }),
      ];
    },
    startCommands: (service, { isActive }) =>
      [labelOf(service), auditOf(service)].flatMap((label) => [
        ...(isActive ? [bootout(service, label)] : []),
        bootstrap(service, label),
      ]),
    stopCommands: (service) => [bootout(service, auditOf(service)), bootout(service, labelOf(service))],
    forgetCommands: () => [],
    standing: {
      command: (service) => ['launchctl', 'print', `${domain(service)}/${labelOf(service)}`],
      read: readStanding,
    },
    looks: (service) => [
      [`launchctl print ${domain(service)}/${labelOf(service)}`, 'how it stands'],
      [`tail -f ${join(logs(service), `${labelOf(service)}.log`)}`, 'what it says'],
      [`launchctl kickstart -k ${domain(service)}/${labelOf(service)}`, 'start the controller anew; agents go on'],
    ],
  };
}

function labelOf({ name }: Service): string {
  return `dev.muxlet.${name}`;
}

function auditOf(service: Service): string {
  return `${labelOf(service)}-audit`;
}

function readStanding(answer: string) {
  const of = (name: string) => new RegExp(`^\\s*${name} = (.+)$`, 'm').exec(answer)?.[1];
  const [state, pid, code] = [of('state'), of('pid'), of('last exit code')];
  if (state === undefined) return { isActive: false, words: 'not known to launchd' };
  const words = [
    state,
    ...(pid === undefined ? [] : [`process ${pid}`]),
    ...(code === undefined ? [] : [`last exit code ${code}`]),
  ];
  return { isActive: true, words: words.join(', ') };
}
