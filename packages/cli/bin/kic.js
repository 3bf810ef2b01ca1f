#!/usr/bin/env node
// Published, this runs what was built; inside the repository, where nothing has to be built, the TypeScript sources.
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)

if (/[\\/]node_modules[\\/]/.test(here)) {
  await import('../dist/main.js')
} else {
  const [{ register }, tsx] = await Promise.all([import('node:module'), import('tsx/esm/api')])
  tsx.register()
  register('./source-condition.js', import.meta.url)
  await import('../src/main.ts')
}
