import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packPackage } from '../pack-package.ts'
import { withDependencies, workspacePackages } from '../workspace-packages.ts'
import { checkBundles } from './check-bundles.ts'

// Needs `npm run build` first, because the tarballs have the built files.
const root = resolve(import.meta.dirname, '../../../..')
const packages = await workspacePackages(root)
const needed = new Set(
  ['@kic/predictor', '@kic/model-mini'].flatMap((name) => withDependencies(packages, name)),
)
const folder = await realpath(await mkdtemp(join(tmpdir(), 'kic-bundles-')))
try {
  const packed = await Promise.all(Array.from(needed, (built) => packPackage(built, folder)))
  const results = await checkBundles(packed, join(folder, 'project'))
  for (const { bundler, target, result } of results) {
    console.log(`${bundler.padEnd(8)} ${target.padEnd(9)} ${result}`)
  }
  if (results.some(({ result }) => result !== 'ok')) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
