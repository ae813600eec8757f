// Which room may import which, and which package belongs where. test/conventions/imports.test.ts shows that
// each of these rules finds what it forbids.

const ROOMS =
  'controller/(?:api|queue|exec|template|briefing|tmux|observe|act|reconcile|store|runtime|metrics|server|cli|wiring)';
const GATHER = '^controller/reconcile/[^/]+/gather';

/**
 * A room may import itself and the rooms named, and nothing else of ours.
 * @param {string} room
 * @param {string[]} allowed
 */
function room(room, allowed) {
  const others = [room, ...allowed].map((name) => `^controller/${name}/`);
  return {
    name: `room-${room.replaceAll('/', '-')}`,
    severity: /** @type {const} */ ('error'),
    from: { path: `^controller/${room}/` },
    to: { path: '^controller/', pathNot: others },
  };
}

/**
 * A package that only some places may import.
 * @param {string} name
 * @param {string[]} places
 */
function onlyIn(name, places) {
  return {
    name: `package-${name}`,
    severity: /** @type {const} */ ('error'),
    from: { path: '^controller/', pathNot: places.map((place) => `^controller/${place}`) },
    to: { path: `(?:^|/)node_modules/${name}(?:/|$)` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    room('api', []),
    room('queue', []),
    room('exec', ['api']),
    room('template', ['api']),
    room('briefing', ['api', 'exec', 'template']),
    room('tmux', ['exec', 'api']),
    room('observe', ['api', 'exec', 'template', 'tmux']),
    room('act', ['api', 'exec', 'template', 'tmux']),
    {
      ...room('reconcile', ['api', 'observe']),
      name: 'room-reconcile-gather',
      from: { path: GATHER },
    },
    {
      ...room('reconcile', ['api']),
      name: 'room-reconcile-decisions',
      from: { path: '^controller/reconcile/', pathNot: GATHER },
    },
    {
      name: 'decisions-do-not-gather',
      severity: 'error',
      from: { path: '^controller/reconcile/', pathNot: GATHER },
      to: { path: GATHER },
    },
    room('store', ['api']),
    room('runtime', ['api', 'queue']),
    room('metrics', ['api']),
    room('server', ['api']),
    {
      name: 'wiring-is-imported-by-main-alone',
      severity: 'error',
      from: { path: '^(?:controller|scripts)/', pathNot: '^controller/(?:main\\.ts$|wiring/)' },
      to: { path: '^controller/wiring/' },
    },
    {
      name: 'main-is-imported-by-nobody',
      severity: 'error',
      from: { path: '^(?:controller|test|scripts)/' },
      to: { path: '^controller/main\\.ts$' },
    },
    {
      name: 'unknown-room',
      comment: 'a new room needs its line in this table',
      severity: 'error',
      from: { path: '^controller/', pathNot: [`^${ROOMS}/`, '^controller/main\\.ts$'] },
      to: {},
    },
    {
      name: 'controller-imports-no-tests',
      severity: 'error',
      from: { path: '^controller/' },
      to: { path: '^(?:test|scripts)/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    onlyIn('execa', ['exec/']),
    onlyIn('chokidar', ['store/']),
    onlyIn('prom-client', ['metrics/']),
    onlyIn('pino', ['wiring/']),
    onlyIn('liquidjs', ['template/']),
    onlyIn('nodemailer', ['act/notify/']),
    onlyIn('ajv', ['store/', 'cli/']),
    onlyIn('yaml', ['store/', 'cli/']),
    onlyIn('ink', ['cli/top/']),
    onlyIn('react', ['cli/top/']),
    onlyIn('commander', ['cli/', 'main\\.ts$']),
    {
      name: 'spawning-only-in-exec',
      severity: 'error',
      from: { path: '^controller/', pathNot: '^controller/exec/' },
      to: { path: '^(?:node:)?child_process$' },
    },
    {
      name: 'decisions-have-no-effects',
      comment: 'what a decision is made from is gathered beforehand and handed in',
      severity: 'error',
      from: { path: '^controller/reconcile/', pathNot: GATHER },
      to: { path: '^(?:node:)?(?:fs|child_process|net|timers|http|https|dgram|dns|os|process|worker_threads)(?:/|$)' },
    },
  ],
  options: {
    // Under TypeScript 7 the default parser finds no module at all, and that counts as no violation.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
