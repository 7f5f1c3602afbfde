import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // Real servers, browsers and killed processes on a machine that may stall: once more, and the report says so.
    retry: process.env.CI ? 1 : 0,
  },
});
