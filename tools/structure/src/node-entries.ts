/** Packages of which every entry is for Node.js. */
export const NODE_PACKAGES: ReadonlySet<string> = new Set([
  'cli',
  'stages',
  'classifier',
  'model-mini',
  'model-base',
  'server',
])

/** Other entries for Node.js than `/node`. */
export const NODE_ENTRIES: ReadonlySet<string> = new Set(['nn/testing'])

/** Files of examples and tools that browsers start from. */
export const BROWSER_FILES: readonly string[] = [
  'examples/browser/src/main.tsx',
  'examples/browser/src/predictor-worker.ts',
  'tools/pack-check/src/bundles/apps/browser-app.ts',
  'tools/runtimes/src/page/page.ts',
]
