import { join } from 'node:path'
import { generateFiles, installPackagesTask, readJson, type Tree } from '@nx/devkit'
import { headNames } from './head-names.ts'

/** Options of the generator; `schema.json` describes them to Nx. */
export interface NewHeadOptions {
  readonly name: string
}

/**
 * Makes `packages/heads-<name>`: a head of one projection to begin with, its README, and the test that holds it to the
 * contract of heads. Installs afterwards, so that other packages find it by its name.
 *
 * @throws Error where the name is none, or the folder is there already
 */
const generateHead = (tree: Tree, { name }: NewHeadOptions): (() => void) => {
  const names = headNames(name)
  const folder = `packages/heads-${names.kebab}`
  if (tree.exists(folder)) {
    throw new Error(`new:head: ${folder} is there already. Take another name, or remove it.`)
  }
  const versionOf = (neighbour: string): string =>
    String(readJson<{ version: unknown }>(tree, `packages/${neighbour}/package.json`).version)
  generateFiles(tree, join(import.meta.dirname, 'files'), folder, {
    ...names,
    versions: { core: versionOf('core'), engine: versionOf('engine'), nn: versionOf('nn') },
  })
  const license = tree.read('packages/nn/LICENSE')
  if (license === null)
    throw new Error('new:head: packages/nn/LICENSE is missing; run it in a complete checkout.')
  tree.write(`${folder}/LICENSE`, license)
  tree.write(
    `.changeset/heads-${names.kebab}.md`,
    `---\n'@kic/heads-${names.kebab}': minor\n---\n\nA new head: \`${names.factory}\`.\n`,
  )
  return () => installPackagesTask(tree, true)
}

export default generateHead
