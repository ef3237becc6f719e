import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workspacePath } from '../../src/main/cli/workspace-path.ts';
import { ask, cli, fixture, root } from '../support/cli.ts';
import * as schema from './schemas.ts';

const COMMANDS = [
  'serve',
  'import',
  'export',
  'formats',
  'traces',
  'show',
  'graph',
  'align',
  'detect',
  'patterns',
  'graders',
  'eval',
  'compare',
  'annotations',
  'overview',
  'agreement',
  'grade',
  'agents',
  'sequence',
  'ledger',
  'rebuild',
  'sql',
  'doctor',
];

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
  expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['', ...COMMANDS])('--help of "%s" is as written down', async (command) => {
  const { code, stdout, stderr } = await cli([...(command === '' ? [] : [command]), '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot(fixture(`cli/${command || 'tracewright'}.help.txt`));
});

test('every command is in the help of the program', async () => {
  const { stdout } = await cli(['help']);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
});

test.each([
  ['no command but an option', ['--workspace', 'x']],
  ['an unknown command', ['explode']],
  ['an unknown option', ['traces', '--nonsense']],
  ['a missing argument', ['show']],
  ['one argument too many', ['graph', 'a', 'b']],
  ['a number that is none', ['traces', '--limit', 'many']],
  ['a port out of range', ['serve', '--http-port', '70000']],
  ['a search for a number without one', ['traces', '--query', 'cost:cheap']],
])('%s is wrong usage: exit 2, told once', async (_, args) => {
  const text = await cli(args);
  expect(text).toMatchObject({ code: 2, stdout: '' });
  expect(text.stderr).toMatch(/^error: .+\nSee ".*--help".*\n$/);
  const json = await cli([...args, '--json']);
  expect(json).toMatchObject({ code: 2, stderr: '' });
  expect(schema.failure.parse(JSON.parse(json.stdout)).error.code).toBe('bad_request');
});

test('without a command: the help, on stderr, exit 2', async () => {
  const { code, stdout, stderr } = await cli([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: tracewright');
});

test('formats need no workspace', async () => {
  const formats = schema.formats.parse(await ask(['formats', '--workspace', '/nonexistent/file']));
  expect(formats.find(({ id }) => id === 'agents-sdk')).toMatchObject({
    import: true,
    routes: expect.arrayContaining(['POST /v1/traces/ingest']) as unknown,
  });
  expect((await cli(['formats'])).stdout).toMatch(/^ID +IMPORT +EXPORT +LABEL +ROUTES\n/);
});

test('a workspace that is not there: commands that read fail and make none, the doctor says so', async () => {
  for (const args of [['traces'], ['show', 'x'], ['graph', 'x'], ['ledger'], ['rebuild'], ['sql', 'SELECT 1']]) {
    const { code, stdout } = await cli([...args, '--json', '--workspace', '/nonexistent/w.tracewright']);
    expect(code).toBe(1);
    expect(schema.failure.parse(JSON.parse(stdout)).error).toMatchObject({
      code: 'not_found',
      hint: expect.any(String) as unknown,
    });
  }
  const { code, stdout } = await cli(['doctor', '--json', '--workspace', '/nonexistent/w.tracewright']);
  expect(code).toBe(1);
  const { checks } = schema.doctor.parse(JSON.parse(stdout));
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['workspace']);
});

test('the workspace is the app’s own unless told otherwise', () => {
  const home = { HOME: '/home/ann' };
  expect(workspacePath(undefined, home, 'linux')).toBe('/home/ann/.config/tracewright/workspace.tracewright');
  expect(workspacePath(undefined, { ...home, XDG_CONFIG_HOME: '/cfg' }, 'linux')).toBe(
    '/cfg/tracewright/workspace.tracewright',
  );
  expect(workspacePath(undefined, home, 'darwin')).toBe(
    '/home/ann/Library/Application Support/tracewright/workspace.tracewright',
  );
  expect(workspacePath(undefined, { APPDATA: '/roaming' }, 'win32')).toBe('/roaming/tracewright/workspace.tracewright');
  expect(workspacePath(undefined, { ...home, TRACEWRIGHT_USER_DATA: '/data' }, 'linux')).toBe(
    '/data/workspace.tracewright',
  );
  expect(workspacePath(undefined, { ...home, TRACEWRIGHT_WORKSPACE: '/w' }, 'linux')).toBe('/w');
  expect(workspacePath('/option', { ...home, TRACEWRIGHT_WORKSPACE: '/w' }, 'linux')).toBe('/option');
});
