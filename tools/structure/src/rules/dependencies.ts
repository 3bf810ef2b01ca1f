import { isBuiltin } from 'node:module'
import type { Finding } from '../finding.ts'
import { isShipped, type Repository, type Workspace } from '../repository.ts'

/** Every package.json names what its sources import, where it belongs, and nothing else. */
export const dependencies = (repository: Repository): readonly Finding[] =>
  repository.workspaces.flatMap((workspace) => {
    const files = [...repository.files].filter(([path]) => path.startsWith(`${workspace.folder}/`))
    const used = usedBy(
      files.map(([path]) => path),
      repository,
    )
    used.shipped.delete(workspace.manifest.name)
    used.inTests.delete(workspace.manifest.name)
    return [
      ...missing(workspace, used, repository.shared),
      ...unused(workspace, used, files.map(([, text]) => text).join('\n')),
    ]
  })

interface Used {
  readonly shipped: Map<string, string>
  readonly inTests: Map<string, string>
}

/** Packages that files import, each with a file that does. */
const usedBy = (files: readonly string[], { imports }: Repository): Used => {
  const used = { shipped: new Map<string, string>(), inTests: new Map<string, string>() }
  for (const file of files) {
    for (const { specifier, kind } of imports.get(file) ?? []) {
      if (/^[./]/.test(specifier) || kind === 'built-in' || isBuiltin(specifier)) continue
      const by = isShipped(file) ? used.shipped : used.inTests
      by.set(packageName(specifier), file)
    }
  }
  return used
}

/** `@kic/nn/node` → `@kic/nn`. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const missing = (
  { label, manifest }: Workspace,
  used: Used,
  shared: ReadonlySet<string>,
): readonly Finding[] => {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest
  const published = { ...dependencies, ...peerDependencies, ...optionalDependencies }
  const found = (name: string, file: string, sections: string): Finding => ({
    at: `${label}: ${name}`,
    message: `is imported by ${file}, but package.json does not have it. Add it to its ${sections}.`,
  })
  const installed = { ...published, ...devDependencies }
  return [
    ...[...used.shipped]
      .filter(([name]) => !(name in (manifest.private ? installed : published)))
      .map(([name, file]) => found(name, file, 'dependencies')),
    ...[...used.inTests]
      .filter(([name]) => !(name in installed) && !shared.has(name) && !used.shipped.has(name))
      .map(([name, file]) => found(name, file, 'devDependencies')),
  ]
}

const unused = ({ label, manifest }: Workspace, used: Used, text: string): readonly Finding[] => {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest
  const all = { ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies }
  const scripts = Object.values(manifest.scripts).join(' ')
  const isUsed = (name: string): boolean =>
    used.shipped.has(name) || used.inTests.has(name) || isNamed(name, text) || scripts.includes(name)
  const typed = (name: string): string => name.replace(/^@types\//, '')
  const findings = Object.keys(all)
    .filter((name) => !isUsed(name) && !isUsed(typed(name)))
    .map((name) => ({
      at: `${label}: ${name}`,
      message: 'is in package.json, but nothing imports it. Delete it.',
    }))
  if (manifest.private) return findings
  const forTests = Object.keys(dependencies)
    .filter((name) => !used.shipped.has(name) && used.inTests.has(name))
    .map((name) => ({ at: `${label}: ${name}`, message: 'is for tests alone. Move it to devDependencies.' }))
  return [...findings, ...forTests]
}

/** Whether sources name a package in a string, as those do that import or resolve it by a variable. */
const isNamed = (name: string, text: string): boolean =>
  ["'", '"', '`'].some(
    (quote) => text.includes(`${quote}${name}${quote}`) || text.includes(`${quote}${name}/`),
  )
