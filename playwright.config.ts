import { defineConfig } from '@playwright/test';

const isCi = Boolean(process.env.CI);

// Tests drive the real Electron, one app at a time: `npm run e2e` sets up the runtime and a display for them.
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  timeout: isCi ? 120_000 : 60_000,
  expect: { timeout: isCi ? 20_000 : 10_000 },
  // A machine that others share may hold one up. What passed only then is named by `npm test`, not hidden.
  retries: isCi ? 1 : 0,
  forbidOnly: isCi,
  use: { trace: 'retain-on-failure' },
});
