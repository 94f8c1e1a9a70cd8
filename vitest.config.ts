import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/cache-folder.ts',
    // Processes, not threads: a test may block in libnng, change the working directory or end its process.
    pool: 'forks',

    maxWorkers: 2,
    // For what hangs, not for what is slow: a loaded machine may take ten times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second attempt where the machine is shared and may stop a process for seconds. The report marks it ("retry x1"):
    // a test that needs it is a defect to be looked for.
    retry: process.env.CI ? 1 : 0,
  },
});
