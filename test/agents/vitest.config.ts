import { fileURLToPath } from 'node:url';

// What runs inside the box (scripts/test-agents.mjs starts it there); `npm test` runs the rest of this folder.
export default {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  // The checkout stays as it is.
  cacheDir: '/tmp/vite',
  test: {
    include: ['test/agents/**/*.test.ts'],
    exclude: ['test/agents/{model-api,programs,trace}/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // An agent starting keeps a core busy; more than two at once measure the machine.
    maxWorkers: 2,
  },
};
