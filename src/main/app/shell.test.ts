/** The shell's decisions, apart from Electron: settings, which file a URL names, where a window goes, when to give up. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backOff } from './back-off.ts';
import { fitInto } from './fit-into.ts';
import { toMenuModel } from './menu-model.ts';
import { fileFor } from './page-files.ts';
import { readSettings } from './settings.ts';

describe('readSettings', () => {
  it('takes arguments before the environment before defaults', () => {
    const env = { TRACEWRIGHT_WORKSPACE: '/env.tracewright', TRACEWRIGHT_HTTP_PORT: '5000' };
    expect(readSettings(['.', '--workspace', '/arg.tracewright', '--http-port=0'], env, '/data')).toEqual({
      workspace: '/arg.tracewright',
      httpPort: 0,
      nativeBinding: null,
    });
    expect(readSettings([], env, '/data')).toMatchObject({ workspace: '/env.tracewright', httpPort: 5000 });
    expect(readSettings([], {}, '/data')).toMatchObject({
      workspace: join('/data', 'workspace.tracewright'),
      httpPort: 4318,
    });
  });

  it('ignores a port that is none', () => {
    expect(readSettings(['--http-port', 'many'], {}, '/data').httpPort).toBe(4318);
    expect(readSettings(['--http-port=70000'], {}, '/data').httpPort).toBe(4318);
  });
});

describe('fileFor', () => {
  it('names files in the folder only', () => {
    expect(fileFor('app://tracewright/assets/a%20b.js?x#y', 'tracewright', '/page')).toBe('/page/assets/a b.js');
    expect(fileFor('app://elsewhere/index.html', 'tracewright', '/page')).toBeNull();
    expect(fileFor('app://tracewright/%2e%2e%2fpackage.json', 'tracewright', '/page')).toBeNull();
    expect(fileFor('app://tracewright/..%2fpage-secret/a', 'tracewright', '/page')).toBeNull();
    expect(fileFor('app://tracewright/a%00.js', 'tracewright', '/page')).toBeNull();
    expect(fileFor('app://tracewright/%zz', 'tracewright', '/page')).toBeNull();
  });
});

describe('fitInto', () => {
  const area = { x: 0, y: 30, width: 1280, height: 770 };

  it('puts a first window in the middle, no larger than the screen', () => {
    expect(fitInto(area, null)).toEqual(area);
    expect(fitInto({ x: 0, y: 0, width: 2440, height: 1900 }, null)).toEqual({
      x: 500,
      y: 500,
      width: 1440,
      height: 900,
    });
  });

  it('brings back a window that was on a screen that is gone', () => {
    expect(fitInto(area, { x: 3000, y: -500, width: 800, height: 600 })).toEqual({
      x: 480,
      y: 30,
      width: 800,
      height: 600,
    });
  });
});

it('waits longer for each crash, gives up, and forgets after a calm while', () => {
  const crashes = backOff();
  const delays = [1, 2, 3, 4, 5, 6].map((second) => crashes.next(second * 1_000));
  expect(delays).toEqual([200, 1_000, 2_000, 5_000, 10_000, null]);
  expect(crashes.next(100_000)).toBe(200);
});

it('accepts well-formed menus only', () => {
  const items = [
    { id: 'open', label: 'Open', accelerator: 'CmdOrCtrl+O' },
    { type: 'separator' },
    { type: 'role', role: 'quit' },
  ];
  expect(toMenuModel([{ label: 'File', items }])).toEqual([{ label: 'File', items }]);
  expect(toMenuModel('File')).toBeNull();
  expect(toMenuModel([{ label: 'File' }])).toBeNull();
  expect(toMenuModel([{ label: 'File', items: [{ type: 'role', role: 'toggleSpellChecker' }] }])).toBeNull();
  expect(toMenuModel([{ label: 'File', items: [{ id: 'open', label: 7 }] }])).toBeNull();
});
