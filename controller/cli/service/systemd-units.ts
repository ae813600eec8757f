import { auditWords, runWords, type Service } from './service.ts';
import { quoteAssignment, quoteCommand } from './systemd-quote.ts';

/** The unit of the controller. Why it is as it is stands in its comments, for who reads it on a machine. */
export function controllerUnit(service: Service): string {
  const { scope, argv, places } = service;
  return lines([
    '[Unit]',
    `Description=muxlet: coding agents on tmux server ${places.socket}`,
    'Documentation=man:muxlet(1)',
    scope === 'system' && 'Wants=network-online.target',
    scope === 'system' && 'After=network-online.target',
    '',
    '[Service]',
    'Type=notify',
    '# Node.js has no datagram sockets of the file system: systemd-notify speaks for it.',
    'NotifyAccess=all',
    `ExecStart=${quoteCommand([...argv, ...runWords(service)])}`,
    ...account(service),
    'SyslogIdentifier=muxlet',
    '',
    '# The end of the controller is not the end of an agent. The tmux server is in a scope of its own; where none could be',
    '# made, these keep what becomes of the service, and of one process in it, from reaching the agents.',
    'KillMode=process',
    'OOMPolicy=continue',
    'TasksMax=infinity',
    '',
    "# 'muxlet down' ends it for good: that is no failure. Wrong usage gets no better by trying again.",
    'Restart=on-failure',
    'RestartSec=5s',
    'RestartPreventExitStatus=2',
    '# Each turn of its loop, a few seconds apart, proves that it lives.',
    'WatchdogSec=2min',
    'WatchdogSignal=SIGKILL',
    '# While it takes in what runs already it asks for more time.',
    'TimeoutStartSec=2min',
    'TimeoutStopSec=20s',
    '',
    ...restrictions(service),
    '',
    '[Install]',
    `WantedBy=${scope === 'user' ? 'default.target' : 'multi-user.target'}`,
  ]);
}

/**
 * What a service may not do, its agents may not either, wherever their control group is: they are its children. A mount
 * namespace is not among it (PrivateTmp=, ProtectSystem=, ProtectHome= and most of Protect*=): in one, the socket of a
 * tmux server can be out of sight, and sandboxes that agents make for themselves fail.
 */
function restrictions({ scope }: Service): readonly string[] {
  const shared = ['# tmux and everybody who attaches share its socket in /tmp.', 'PrivateTmp=no'];
  if (scope === 'user') return shared;
  return [
    ...shared,
    '# All that follows holds for the agents as well. Without it they can use sudo, ping or rootless containers again.',
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
    'SystemCallFilter=~@clock @module @raw-io @reboot @swap',
    'SystemCallErrorNumber=EPERM',
  ];
}

export function auditUnit(service: Service): string {
  const { argv, places, name } = service;
  return lines([
    '[Unit]',
    `Description=muxlet: whether specs, state, tmux server ${places.socket} and processes agree`,
    'Documentation=man:muxlet(1)',
    `After=${name}.service`,
    '',
    '[Service]',
    'Type=oneshot',
    '# Fails, and is listed by systemctl --failed, if they disagree.',
    `ExecStart=${quoteCommand([...argv, ...auditWords(service)])}`,
    ...account(service),
    'SyslogIdentifier=muxlet-audit',
    'Nice=10',
    'PrivateTmp=no',
  ]);
}

export function auditTimer({ name, places }: Service): string {
  return lines([
    '[Unit]',
    `Description=muxlet: hourly audit of tmux server ${places.socket}`,
    'Documentation=man:muxlet(1)',
    '# It ends, and begins again, with the controller. After= would be a cycle: timers come before all services.',
    `PartOf=${name}.service`,
    '',
    '[Timer]',
    'OnActiveSec=10min',
    'OnUnitActiveSec=1h',
    'RandomizedDelaySec=5min',
    '',
    '[Install]',
    `WantedBy=${name}.service`,
  ]);
}

function account({ runAs, environment, name }: Service): readonly string[] {
  return [
    ...(runAs === undefined ? [] : [`User=${runAs}`]),
    'WorkingDirectory=~',
    ...Object.entries(environment).map(([key, value]) => `Environment=${quoteAssignment(key, value)}`),
    '# Further variables, one NAME=VALUE a line: keys of accounts, MUXLET_*. The file may be missing.',
    `EnvironmentFile=-%E/muxlet/${name}.env`,
  ];
}

function lines(all: readonly (string | false)[]): string {
  return `${all.filter((line) => line !== false).join('\n')}\n`;
}
