import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Manifest, Workspace } from './repository.ts'

const names = z.record(z.string(), z.string()).default({})

const manifest = z.object({
  name: z.string(),
  description: z.string().default(''),
  private: z.boolean().default(false),
  exports: z.record(z.string(), z.unknown()).default({}),
  scripts: names,
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
})

/** What imports inside the repository resolve to. */
const source = z.union([
  z.string(),
  z.object({ '@kic/source': z.string() }).transform((is) => is['@kic/source']),
])

/** Reads a package.json. */
export const readManifest = async (path: string): Promise<Manifest> => {
  const { exports, ...fields } = manifest.parse(JSON.parse(await readFile(path, 'utf8')))
  const entries: Record<string, string> = {}
  for (const [entry, target] of Object.entries(exports)) {
    const read = source.safeParse(target)
    if (read.success && /\.tsx?$/.test(read.data)) entries[entry] = read.data
  }
  return { ...fields, entries }
}

/** All packages, examples and tools below the repository's root, by folder. */
export const readWorkspaces = async (root: string): Promise<readonly Workspace[]> => {
  const workspaces: Workspace[] = []
  for (const parent of ['packages', 'examples', 'tools']) {
    if (!existsSync(join(root, parent))) continue
    for (const name of (await readdir(join(root, parent))).sort()) {
      const folder = `${parent}/${name}`
      const path = join(root, folder, 'package.json')
      if (!existsSync(path)) continue
      const label = parent === 'packages' ? name : folder
      workspaces.push({ folder, label, manifest: await readManifest(path) })
    }
  }
  return workspaces
}
