import { existsSync } from 'node:fs'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import { Command } from 'commander'
import { checkPackage, type PackageResult } from './check-package.ts'
import { allPassed, formatResults } from './format-results.ts'
import { packPackage } from './pack-package.ts'
import { installLine } from './readme-example.ts'
import { type WorkspacePackage, withDependencies, workspacePackages } from './workspace-packages.ts'

interface Options {
  readonly only?: readonly string[] | undefined
}

/** Packs and checks; true if all is well. */
const run = async ({ only }: Options): Promise<boolean> => {
  const root = resolve(import.meta.dirname, '../../..')
  const packages = await workspacePackages(root)
  const names = packages.map(({ manifest }) => manifest.name)
  const chosen = (only ?? names).map((wanted) => {
    const found = names.find((name) => name === wanted || name === `@kic/${wanted}`)
    if (found !== undefined) return found
    throw new KicError(
      'pack-check/unknown-package',
      `check install: there is no package "${wanted}"; known: ${names.join(', ')}`,
    )
  })
  const installed = await Promise.all(
    packages.filter(({ manifest }) => chosen.includes(manifest.name)).map(readmeInstalls),
  )
  const needed = new Set([...chosen, ...installed.flat()].flatMap((name) => withDependencies(packages, name)))
  const workFolder = await realpath(await mkdtemp(join(tmpdir(), 'kic-pack-check-')))
  try {
    const packed = await Promise.all(Array.from(needed, (built) => packPackage(built, workFolder)))
    const results: PackageResult[] = []
    const project = join(workFolder, 'project')
    for (const subject of packed.filter(({ manifest }) => chosen.includes(manifest.name)).sort(byPeers)) {
      console.error(`checking ${subject.manifest.name} …`)
      results.push(await checkPackage(subject, packed, project))
    }
    console.log(formatResults(results))
    return allPassed(results)
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

/** What the README of a package has installed; a README that is missing is found out by the check itself. */
const readmeInstalls = async ({ folder }: WorkspacePackage): Promise<readonly string[]> => {
  const path = join(folder, 'README.md')
  return existsSync(path) ? installLine(await readFile(path, 'utf8')) : []
}

/** Packages with equal peers are adjacent, so their common packages are unpacked once. */
const byPeers = (a: WorkspacePackage, b: WorkspacePackage): number => peers(a).localeCompare(peers(b))
const peers = ({ manifest }: WorkspacePackage): string => Object.keys(manifest.peerDependencies).sort().join()

const command = new Command('npm run check -- install')
  .description(
    'Packs every package, installs it into an empty project as its README says, and runs the README’s example there ' +
      'as an ES module, as CommonJS, and without ONNX Runtime. Needs `npm run build` before.',
  )
  .option('--only <names...>', 'check these packages alone, for example engine nn')
  .action(async (options: Options) => {
    process.exitCode = (await run(options)) ? 0 : 1
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
