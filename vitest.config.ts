import { defineConfig } from 'vitest/config';

const slow = { testTimeout: 60_000, hookTimeout: 60_000 };

// The order of `npm test`: what is quick to fail comes first. sim and soak run only when asked for.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Properties are tried a hundred times and more, and a machine may do other things as well.
          testTimeout: 30_000,
          // As many as a small machine has processors; the default leaves one of two idle.
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          // Of agents/ only what needs neither the real programs nor a box.
          exclude: [
            'test/{contract,e2e,operators,pages,services,sim,soak}/**',
            'test/agents/!(model-api|programs|trace)/**',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      // Each file has a controller and a tmux server of its own, and waits most of the time.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          setupFiles: ['test/e2e/support/close-worlds-setup.ts'],
          ...slow,
          maxWorkers: 6,
          sequence: { groupOrder: 2 },
        },
      },
      // Only when asked for: with a real Prometheus and a real Alertmanager.
      {
        test: {
          name: 'operators',
          include: ['test/operators/**/*.test.ts'],
          setupFiles: ['test/e2e/support/close-worlds-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 5 },
        },
      },
      // Only when asked for: every page of the documentation, as a reader would follow it.
      {
        test: {
          name: 'pages',
          include: ['test/pages/**/*.test.ts'],
          setupFiles: ['test/e2e/support/close-worlds-setup.ts'],
          ...slow,
          sequence: { groupOrder: 7 },
        },
      },
      // Only when asked for: with a real systemd, shells and readers of manual pages.
      {
        test: {
          name: 'services',
          include: ['test/services/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 6 },
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          testTimeout: 3_600_000,
          sequence: { groupOrder: 4 },
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], ...slow, sequence: { groupOrder: 3 } } },
    ],
  },
});
