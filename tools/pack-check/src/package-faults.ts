import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importedPackages } from './imported-packages.ts'
import type { PackedPackage } from './pack-package.ts'
import type { Manifest } from './workspace-packages.ts'

/** What is wrong with a packed package, in sentences; empty when all is well. */
export const packageFaults = async ({
  folder,
  manifest,
  files,
}: PackedPackage): Promise<readonly string[]> => {
  const code = files.filter((file) => file.startsWith('dist/') && /\.(js|cjs|d\.ts|d\.cts)$/.test(file))
  const imports = await Promise.all(
    code.map(async (file) => [file, importedPackages(await readFile(join(folder, file), 'utf8'))] as const),
  )
  return [
    ...fileFaults(files),
    ...importFaults(
      manifest,
      imports.flatMap(([, names]) => names),
    ),
    ...imports.flatMap(([file, names]) => typeFaults(file, names)),
  ]
}

/** Files that have to be in a tarball, and files that must not be. */
export const fileFaults = (files: readonly string[]): readonly string[] => [
  ...['README.md', 'LICENSE'].filter((name) => !files.includes(name)).map((name) => `${name} is missing`),
  ...files
    .filter((file) => /\.test\.ts$|(^|\/)__fixtures__\/|\.node$/.test(file))
    .map((file) => `${file} does not belong into the package`),
]

/** Imports of packages that the manifest does not declare. */
export const importFaults = (manifest: Manifest, imports: readonly string[]): readonly string[] => {
  const declared = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.optionalDependencies),
    ...Object.keys(manifest.peerDependencies),
  ])
  return [...new Set(imports)]
    .filter((name) => !declared.has(name))
    .map((name) => `it imports ${name}, which its package.json does not declare`)
}

/**
 * Types that come from the whole of TensorFlow.js: those of its layers do not compile without `skipLibCheck`, those of its
 * core do.
 */
export const typeFaults = (file: string, imports: readonly string[]): readonly string[] =>
  /\.d\.c?ts$/.test(file) && imports.includes('@tensorflow/tfjs')
    ? [`${file} imports @tensorflow/tfjs; take types from @kic/engine instead`]
    : []
