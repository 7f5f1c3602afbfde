import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/house.ts'],
    setupFiles: ['test/support/compiled.ts'],
    // Node runs the tests and the code as it runs the service, without a transformation.
    experimental: { viteModuleRunner: false },
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // A second, as it is by default, is not enough for a browser on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    // Real servers, browsers and killed processes on a machine that may stall: once more, and the report says so.
    retry: process.env.CI ? 1 : 0,
  },
});
