/**
 * Takes out what npm put into the environment, so that agents do not inherit it. Does nothing if npm did not start us.
 * Source: @npmcli/config lib/set-envs.js and @npmcli/run-script lib/make-spawn-args.js, lib/set-path.js of npm 11.
 * @param {Record<string, string | undefined>} env is changed
 */
export function forgetNpm(env) {
  if (env['npm_lifecycle_event'] === undefined) return;
  for (const name of Object.keys(env)) {
    if (name.startsWith('npm_') || ['INIT_CWD', 'COLOR', 'NODE'].includes(name)) delete env[name];
  }
  const path = (env['PATH'] ?? '').split(':');
  // npm puts its folders first; the same ones further back are the user's own.
  while (/(?:\/node_modules\/\.bin|\/node-gyp-bin)$/.test(path[0] ?? '')) path.shift();
  env['PATH'] = path.join(':');
}
