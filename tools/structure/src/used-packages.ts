import { isShipped, type Repository, type Workspace } from './repository.ts'

/** Packages that a workspace imports, each with a file that does. */
export interface Used {
  readonly shipped: ReadonlyMap<string, string>
  readonly inTests: ReadonlyMap<string, string>
}

export const usedPackages = (workspace: Workspace, { imports }: Repository): Used => {
  const shipped = new Map<string, string>()
  const inTests = new Map<string, string>()
  for (const [file, own] of filesOf(workspace, imports)) {
    const used = isShipped(file) ? shipped : inTests
    for (const { specifier, kind } of own) {
      const name = packageName(specifier)
      const isOther = !/^[./]/.test(specifier) && kind !== 'built-in' && name !== workspace.manifest.name
      if (isOther && !used.has(name)) used.set(name, file)
    }
  }
  return { shipped, inTests }
}

/** `@kic/nn/node` → `@kic/nn`. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Whether sources name a package in a string, as those that import or resolve it by a variable do, or scripts run it. */
export const namesPackage = (workspace: Workspace, { files }: Repository, name: string): boolean => {
  const texts = filesOf(workspace, files).map(([, text]) => text)
  const isQuoted = (text: string): boolean =>
    ["'", '"', '`'].some(
      (quote) => text.includes(`${quote}${name}${quote}`) || text.includes(`${quote}${name}/`),
    )
  const commands = Object.values(workspace.manifest.scripts).flatMap((script) => script.split(/[\s/]/))
  return texts.some(isQuoted) || commands.includes(name)
}

const filesOf = <T>(
  { folder }: Workspace,
  files: ReadonlyMap<string, T>,
): readonly (readonly [string, T])[] =>
  [...files].filter(([path]) => path.startsWith(`${folder}/`)).sort(([a], [b]) => (a < b ? -1 : 1))
