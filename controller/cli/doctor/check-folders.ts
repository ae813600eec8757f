import type { Check, Finding, FolderFacts } from './facts.ts';

const OTHERS_WRITE = 0o022;
const OTHERS_ANY = 0o007;

export const checkSpecs: Check = ({ specs }) => {
  if (specs.state === 'Missing') {
    return [missing('specs', specs, 'WARN', `mkdir -p ${specs.path}`)];
  }
  return folderFindings('specs', specs, (mode) =>
    (mode & OTHERS_WRITE) === 0
      ? undefined
      : {
          check: 'specs',
          result: 'FAIL',
          message: `${specs.path} can be written by others, who could then run anything as you`,
          remedy: `chmod go-w ${specs.path}`,
        },
  );
};

export const checkState: Check = ({ state }) => {
  if (state.state !== 'Missing') {
    return folderFindings('state', state, (mode) =>
      (mode & OTHERS_WRITE) === 0
        ? undefined
        : {
            check: 'state',
            result: 'WARN',
            message: `${state.path} can be written by others`,
            remedy: `chmod go-w ${state.path}`,
          },
    );
  }
  return state.creatable
    ? [{ check: 'state', result: 'OK', message: `${state.path} is made at the first run` }]
    : [missing('state', state, 'FAIL', `make ${state.path}, or choose another with --state`)];
};

/** tmux refuses a socket directory that is not ours or that others may enter (its own rule). */
export const checkSocketFolder: Check = ({ sockets }) => {
  const check = 'tmux sockets';
  if (sockets.state === 'Missing') {
    return sockets.creatable
      ? [{ check, result: 'OK', message: `${sockets.path} is made by tmux` }]
      : [missing(check, sockets, 'FAIL', 'set TMUX_TMPDIR to a directory that you can write')];
  }
  if (sockets.state === 'Directory' && (!sockets.ownedByUs || (sockets.mode & OTHERS_ANY) !== 0)) {
    const message = `${sockets.path} must be yours and closed to others, or tmux does not use it`;
    return [{ check, result: 'FAIL', message, remedy: `chmod 700 ${sockets.path}, or set TMUX_TMPDIR` }];
  }
  return folderFindings(check, sockets, () => undefined);
};

export const checkStaleSockets: Check = ({ staleSockets }) =>
  staleSockets.map((path) => ({
    check: 'tmux sockets',
    result: 'INFO',
    message: `nobody answers at ${path}: its server has gone, and tmux replaces it at the next start`,
  }));

function missing(check: string, { path }: FolderFacts, result: 'WARN' | 'FAIL', remedy: string): Finding {
  return { check, result, message: `${path} does not exist`, remedy };
}

function folderFindings(
  check: string,
  folder: Exclude<FolderFacts, { readonly state: 'Missing' }>,
  modeFault: (mode: number) => Finding | undefined,
): readonly Finding[] {
  const { path } = folder;
  if (folder.state === 'NotADirectory') {
    return [{ check, result: 'FAIL', message: `${path} is not a directory`, remedy: `move ${path} out of the way` }];
  }
  const lacking = [!folder.readable && 'read', !folder.writable && 'written'].filter((part) => part !== false);
  if (lacking.length > 0) {
    const message = `${path} cannot be ${lacking.join(' or ')}`;
    return [{ check, result: 'FAIL', message, remedy: `chmod u+rwx ${path}, or chown it to the user who runs muxlet` }];
  }
  return [modeFault(folder.mode) ?? { check, result: 'OK', message: path }];
}
