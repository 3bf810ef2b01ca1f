import type { Finding } from '../finding.ts'
import type { Manifest, Repository, Workspace } from '../repository.ts'
import { namesPackage, type Used, usedPackages } from '../used-packages.ts'

/** Every package.json names what its sources import, where it belongs, and nothing else. */
export const dependencies = (repository: Repository): readonly Finding[] =>
  repository.workspaces.flatMap((workspace) => {
    const used = usedPackages(workspace, repository)
    return [...missing(workspace, used, repository.shared), ...unused(workspace, used, repository)]
  })

/** All that users of a package get with it or have to bring. */
const publishedOf = ({ dependencies, peerDependencies, optionalDependencies }: Manifest) => ({
  ...dependencies,
  ...peerDependencies,
  ...optionalDependencies,
})

const missing = (
  { label, manifest }: Workspace,
  used: Used,
  shared: ReadonlySet<string>,
): readonly Finding[] => {
  const published = publishedOf(manifest)
  const installed = { ...published, ...manifest.devDependencies }
  const absent = (names: ReadonlyMap<string, string>, has: (name: string) => boolean, section: string) =>
    [...names]
      .filter(([name]) => !has(name))
      .map(([name, file]) => ({
        at: `${label}: ${name}`,
        message: `is imported by ${file}, but package.json does not have it. Add it to its ${section}.`,
      }))
  return [
    ...absent(used.shipped, (name) => name in (manifest.private ? installed : published), 'dependencies'),
    ...absent(
      used.inTests,
      (name) => name in installed || shared.has(name) || used.shipped.has(name),
      'devDependencies',
    ),
  ]
}

const unused = (workspace: Workspace, used: Used, repository: Repository): readonly Finding[] => {
  const { label, manifest } = workspace
  const all = { ...publishedOf(manifest), ...manifest.devDependencies }
  const passedOn = new Set(
    repository.workspaces
      .filter((other) => other.manifest.name in all)
      .flatMap((other) => Object.keys(other.manifest.peerDependencies)),
  )
  const isUsed = (name: string): boolean =>
    used.shipped.has(name) ||
    used.inTests.has(name) ||
    passedOn.has(name) ||
    namesPackage(workspace, repository, name)
  const idle = Object.keys(all)
    .filter((name) => !isUsed(name) && !isUsed(name.replace(/^@types\//, '')))
    .map((name) => ({
      at: `${label}: ${name}`,
      message: 'is in package.json, but nothing imports it. Delete it.',
    }))
  const forTests = Object.keys(manifest.private ? {} : manifest.dependencies)
    .filter((name) => !used.shipped.has(name) && used.inTests.has(name))
    .map((name) => ({ at: `${label}: ${name}`, message: 'is for tests alone. Move it to devDependencies.' }))
  return [...idle, ...forTests]
}
