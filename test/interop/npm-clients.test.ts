/** The snippets that Connect prints, run as printed with the real clients that this project depends on for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NPM_CLIENTS } from './clients-npm.ts';
import { root } from './harness.ts';
import { runClient } from './run-client.ts';

const declared = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: object })
  .devDependencies;
/** A dependency of @openai/agents. */
const BROUGHT = 'openai';

// The large ones are no dependencies: `npm run interop` installs and runs them.
const here = NPM_CLIENTS.filter(({ install }) =>
  install.packages
    .map((name) => name.replace(/(.)@.*$/, '$1'))
    .every((name) => name === BROUGHT || Object.hasOwn(declared, name)),
);

test('the small clients are dependencies', () => {
  expect(here.map(({ id }) => id)).toEqual(NPM_CLIENTS.map(({ id }) => id).filter((id) => id !== 'traceloop'));
});

test.each(here)('$snippet works as printed', { timeout: 120_000 }, async (client) => {
  const { problems, output } = await runClient(client, root);
  expect({ problems, output: problems.length > 0 ? output : '' }).toEqual({ problems: [], output: '' });
});
