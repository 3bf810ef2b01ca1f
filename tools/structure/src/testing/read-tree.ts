import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from '../read-repository.ts'
import { readWorkspaces } from '../read-workspaces.ts'
import type { Repository } from '../repository.ts'

/** The package.json of `@kic/NAME`, with one entry and more where `entries` names them. */
export const manifestOf = (
  name: string,
  {
    entries = [],
    ...fields
  }: { readonly entries?: readonly string[] | undefined; readonly [field: string]: unknown } = {},
): string =>
  JSON.stringify({
    name: `@kic/${name}`,
    exports: Object.fromEntries([
      ['.', { '@kic/source': './src/index.ts' }],
      ...entries.map((entry) => [`./${entry}`, { '@kic/source': `./src/${entry}.ts` }]),
    ]),
    ...fields,
  })

/** Reads a repository of these files, by path, with its workspaces linked as npm does. */
export const readTree = async (files: Readonly<Record<string, string>>): Promise<Repository> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'kic-structure-')))
  try {
    for (const [path, text] of Object.entries({ 'package.json': '{"name":"tree"}', ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    for (const { folder, manifest } of await readWorkspaces(root)) {
      const link = join(root, 'node_modules', manifest.name)
      await mkdir(dirname(link), { recursive: true })
      await symlink(join(root, folder), link, 'dir')
    }
    return await readRepository(root)
  } finally {
    await rm(root, { recursive: true })
  }
}
