import { defineConfig } from '@playwright/test';

// Tests drive the real Electron, one app at a time: `npm run e2e` sets up the runtime and a display for them.
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  use: { trace: 'retain-on-failure' },
});
