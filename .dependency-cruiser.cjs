/** Imports go one way: apps -> {dispatch, directory} -> {store, queue, invoker, service-kit} -> domain -> schedule. */
const tests = '\\.(test|fixture)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'schedule-imports-no-other-package',
      severity: 'error',
      from: { path: '^packages/schedule/' },
      to: { path: '^(apps|packages)/(?!schedule/)' },
    },
    {
      name: 'domain-imports-only-schedule',
      severity: 'error',
      from: { path: '^packages/domain/' },
      to: { path: '^(apps|packages)/(?!(domain|schedule)/)' },
    },
    {
      name: 'schedule-and-domain-do-no-io',
      severity: 'error',
      from: { path: '^packages/(schedule|domain)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'boundary-packages-do-not-know-each-other',
      severity: 'error',
      from: { path: '^packages/(store|queue|invoker|service-kit)/src/', pathNot: tests },
      to: { path: '^packages/(?!(domain|schedule)/)', pathNot: '^packages/$1/' },
    },
    {
      name: 'dispatch-joins-store-and-queue',
      severity: 'error',
      from: { path: '^packages/dispatch/src/', pathNot: tests },
      to: { path: '^packages/(?!(dispatch|store|queue|domain|schedule)/)' },
    },
    {
      name: 'directory-stands-beside-store',
      severity: 'error',
      from: { path: '^packages/directory/src/', pathNot: tests },
      to: { path: '^packages/(?!(directory|store|service-kit|domain|schedule)/)' },
    },
    {
      name: 'packages-do-not-import-apps',
      severity: 'error',
      from: { path: '^packages/', pathNot: tests },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/(?!local/)([^/]+)/', pathNot: tests },
      to: { path: '^apps/(?!$1/)' },
    },
    {
      name: 'console-runs-in-browsers',
      severity: 'error',
      from: { path: '^apps/console/src/', pathNot: tests },
      to: { path: '^(apps|packages)/(?!(console|schedule)/)' },
    },
    {
      name: 'packages-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^(apps|packages)/([^/]+)/' },
      to: {
        path: '^(apps|packages)/[^/]+/src/',
        pathNot: ['^(apps|packages)/$2/', '^(apps|packages)/[^/]+/src/index\\.ts$'],
      },
    },
    {
      name: 'testing-and-bench-are-for-tests',
      severity: 'error',
      from: { path: '^(apps|packages)/(?!(testing|bench)/)', pathNot: tests },
      to: { path: '^packages/(testing|bench)/' },
    },
    {
      // The bench measures pg-boss alone, too.
      name: 'pg-boss-only-in-queue',
      severity: 'error',
      from: { path: '^(apps|packages)/(?!(queue|bench)/)' },
      to: { path: 'node_modules/pg-boss' },
    },
    {
      name: 'sql-only-in-store',
      severity: 'error',
      from: { path: '^(apps|packages)/(?!(store|queue|testing|bench)/)', pathNot: tests },
      to: { path: 'node_modules/(kysely|pg)/' },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['node_modules/.*node_modules', '^apps/[^/]+/dist/'] },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types'] },
  },
};
