import type { Check } from './facts.ts';

const MIB = 1024 * 1024;
/** Less than this, and the state may soon be impossible to write. */
const FREE_FAIL_BYTES = 100 * MIB;
const FREE_WARN_BYTES = 1024 * MIB;
/** Descriptors that a tmux server needs beside one a pane (measured: 190 panes of 200). */
const OWN_FILES = 10;
/** A team or two; fewer is worth a word. */
const FEW_AGENTS = 20;

export const checkDisk: Check = ({ freeBytes }) => {
  if (freeBytes === undefined) return [{ check: 'disk', result: 'WARN', message: 'the free space cannot be read' }];
  const message = `${Math.floor(freeBytes / MIB)} MiB free`;
  const remedy = 'free some space, or put the state elsewhere with --state';
  if (freeBytes < FREE_FAIL_BYTES) return [{ check: 'disk', result: 'FAIL', message, remedy }];
  if (freeBytes < FREE_WARN_BYTES) return [{ check: 'disk', result: 'WARN', message, remedy }];
  return [{ check: 'disk', result: 'OK', message }];
};

/** Every pane takes a pseudo-terminal of the machine. */
export const checkTerminals: Check = ({ ptyMax, ptyUsed }) => {
  if (ptyMax === undefined) return [];
  const free = Math.max(0, ptyMax - (ptyUsed ?? 0));
  const message = `kernel.pty.max ${ptyMax}, ${ptyUsed ?? 0} in use: enough for about ${free} agents`;
  const remedy = 'sysctl -w kernel.pty.max=8192';
  return [
    { check: 'terminals', result: free < FEW_AGENTS ? 'WARN' : 'OK', message, ...(free < FEW_AGENTS && { remedy }) },
  ];
};

/** Every pane takes a descriptor of its tmux server. */
export const checkOpenFiles: Check = ({ openFiles }) => {
  if (openFiles === undefined) return [{ check: 'open files', result: 'WARN', message: 'ulimit -Hn cannot be read' }];
  if (openFiles === Number.POSITIVE_INFINITY) return [{ check: 'open files', result: 'OK', message: 'unlimited' }];
  const agents = Math.max(0, openFiles - OWN_FILES);
  const message = `ulimit -Hn ${openFiles}: enough for about ${agents} agents a tmux server`;
  const few = agents < FEW_AGENTS;
  return [
    {
      check: 'open files',
      result: few ? 'WARN' : 'OK',
      message,
      ...(few && { remedy: 'raise the hard limit of nofile (limits.conf(5), LimitNOFILE= of systemd)' }),
    },
  ];
};

export const checkLocale: Check = ({ locale, platform }) => {
  if (locale !== undefined && /utf-?8/i.test(locale)) return [{ check: 'locale', result: 'OK', message: locale }];
  const utf8 = platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const message = `${locale ?? 'none'} is not UTF-8: what agents print may be garbled`;
  return [{ check: 'locale', result: 'WARN', message, remedy: `export LC_ALL=${utf8}` }];
};

export const checkController: Check = ({ controller }) => {
  if (controller === undefined) {
    return [{ check: 'controller', result: 'INFO', message: "none runs; 'muxlet run' starts one" }];
  }
  const { pid, address } = controller;
  const at = address === undefined ? '' : ` at http://${address}`;
  return [{ check: 'controller', result: 'OK', message: `runs as process ${pid}${at}` }];
};
