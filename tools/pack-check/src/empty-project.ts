import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import type { PackedPackage } from './pack-package.ts'
import { runCommand } from './run-command.ts'

/**
 * The package.json of a newcomer's project that installs what a README names: packages of this workspace from their
 * tarballs, others in the range that the package asks of its peers.
 *
 * @throws KicError `pack-check/install-line` where the README names a package that is neither.
 */
export const projectManifest = (
  subject: PackedPackage,
  installs: readonly string[],
  packed: readonly PackedPackage[],
): Readonly<Record<string, unknown>> => {
  const tarballs = Object.fromEntries(
    packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  )
  const dependencies = installs.map((name) => {
    const range = tarballs[name] ?? subject.manifest.peerDependencies[name]
    if (range === undefined) {
      throw new KicError(
        'pack-check/install-line',
        `projectManifest: the README of ${subject.manifest.name} installs ${name}, which is no package of this workspace and none of its peers`,
      )
    }
    return [name, range] as const
  })
  // What the named packages depend on in turn is not on the registry either, or not in this state.
  return {
    name: 'empty-project',
    private: true,
    dependencies: Object.fromEntries(dependencies),
    overrides: tarballs,
  }
}

/**
 * Makes an empty project and installs into it, install scripts included, as a newcomer would. What an earlier project
 * in the same folder installed and this one needs too stays; npm removes the rest, so that the modules are those of a
 * fresh installation, only sooner.
 */
export const installProject = async (
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder)) {
    if (entry !== 'node_modules') await rm(join(folder, entry), { recursive: true })
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2))
  const flags = ['--ignore-scripts=false', '--prefer-offline', '--no-audit', '--no-fund']
  await runCommand('npm', ['install', '--prefix', folder, ...flags], {
    cwd: folder,
    // onnxruntime-node's documented switch: its install step would download the CUDA libraries.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  await checkIsolated(folder)
}

/** @throws KicError `pack-check/not-installed` where npm put the packages elsewhere. */
const checkIsolated = async (folder: string): Promise<void> => {
  await readFile(join(folder, 'node_modules', '.package-lock.json')).catch((cause: unknown) => {
    throw new KicError('pack-check/not-installed', `installProject: npm installed nothing into ${folder}`, {
      cause,
    })
  })
}
