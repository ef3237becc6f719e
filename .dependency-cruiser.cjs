// The folder tree is the dependency diagram. Each rule says why it holds; `npm run check` holds the sources to it.

/** A folder that works on what it is given: only shared and its own files. */
function pureFolder(name) {
  return {
    name: `${name}-is-pure`,
    comment: `${name} gets clock, network and store passed in, so that the same code runs in the app, the command line and tests.`,
    severity: 'error',
    from: { path: `^src/main/${name}/`, pathNot: testFiles },
    to: { path: '^src/', pathNot: ['^src/shared/', `^src/main/${name}/`] },
  };
}

const testFiles = '[.]test[.]tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that import each other cannot be understood, tested or loaded one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?]' },
    },
    {
      name: 'shared-stands-alone',
      comment: 'Shared code runs on every side, so it knows no side, no package and no platform.',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: testFiles },
      to: { pathNot: '^src/shared/' },
    },
    pureFolder('formats'),
    pureFolder('graders'),
    pureFolder('analysis'),
    {
      name: 'only-the-store-knows-sqlite',
      comment: 'Another store can stand behind the same contract only if nothing else talks to this one.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main/store/' },
      to: { path: '(^|/)better-sqlite3(/|$)' },
    },
    {
      name: 'only-the-shell-knows-electron',
      comment: 'The engine runs under plain Node too: command line, tests, benchmarks, a headless collector.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main/app|preload)/' },
      to: { path: '(^|/)node_modules/electron(/|$)|^electron$' },
    },
    {
      name: 'renderer-knows-no-other-side',
      comment: 'The page is sandboxed: it reaches the engine over its port and the desktop over the bridge.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^src/(main|preload)/' },
    },
    {
      name: 'node-side-knows-no-page',
      comment: 'What main, engine and preload share with the page lies in shared.',
      severity: 'error',
      from: { path: '^src/(main|preload)/' },
      to: { path: '^src/renderer/' },
    },
    {
      name: 'preload-only-forwards',
      comment: 'A sandboxed preload script is one small file: no engine code may slip into it.',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { path: '^src/main/' },
    },
    {
      name: 'shell-never-touches-traces',
      comment:
        'Electron main starts the engine and knows its messages only, so that no trace can freeze or crash a window.',
      severity: 'error',
      from: { path: '^src/main/app/' },
      to: { path: '^src/main/', pathNot: '^src/main/app/' },
    },
    {
      name: 'nothing-knows-the-shell',
      comment:
        'The shell is one host of the engine among others: an engine that used it would not run under plain Node.',
      severity: 'error',
      from: { path: '^src/main/', pathNot: '^src/main/app/' },
      to: { path: '^src/main/app/' },
    },
    {
      name: 'views-are-independent',
      comment:
        'A view can be added, changed or removed alone. What two views need lies in charts, widgets, data or state.',
      severity: 'error',
      from: { path: '^src/renderer/views/([^/]+)/' },
      to: { path: '^src/renderer/views/', pathNot: '^src/renderer/views/(?:$1/|[^/]+$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    moduleSystems: ['es6'],
  },
};
