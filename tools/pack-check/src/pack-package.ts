import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { runCommand } from './run-command.ts'
import { builtFiles, type WorkspacePackage } from './workspace-packages.ts'

export interface PackedPackage extends WorkspacePackage {
  readonly tarball: string
  /** Paths in the tarball, relative to the package's folder. */
  readonly files: readonly string[]
}

/**
 * Packs a built package as for publishing.
 *
 * @throws KicError `pack-check/not-built` where a file is missing that its `exports` name; `pack-check/command`.
 */
export const packPackage = async (built: WorkspacePackage, destination: string): Promise<PackedPackage> => {
  const { folder, manifest } = built
  for (const file of builtFiles(manifest.exports)) {
    await access(join(folder, file)).catch((cause: unknown) => {
      throw new KicError(
        'pack-check/not-built',
        `packPackage: ${manifest.name} exports ${file}, which does not exist; run \`npm run build\` first`,
        { cause },
      )
    })
  }
  const printed = await runCommand('npm', ['pack', '--json', '--pack-destination', destination], {
    cwd: folder,
  })
  const { filename, files } = parsePacked(manifest.name, printed)
  return { ...built, tarball: join(destination, filename), files }
}

/** @throws KicError `pack-check/npm-output` */
export const parsePacked = (
  name: string,
  printed: string,
): { readonly filename: string; readonly files: readonly string[] } => {
  const report: unknown = JSON.parse(printed)
  const packed: unknown = Array.isArray(report) ? report[0] : undefined
  if (typeof packed === 'object' && packed !== null && 'filename' in packed && 'files' in packed) {
    const { filename, files } = packed
    if (typeof filename === 'string' && Array.isArray(files)) {
      return { filename, files: files.map((file: { readonly path?: unknown }) => String(file.path)) }
    }
  }
  throw new KicError('pack-check/npm-output', `parsePacked: npm pack of ${name} printed ${printed}`)
}
