import { isBuiltin } from 'node:module'
import ts from 'typescript'

/**
 * The packages that a JavaScript or TypeScript file imports, requires or imports dynamically by a literal name; without
 * Node's own modules and files of its own package.
 */
export const importedPackages = (source: string): readonly string[] => {
  const { importedFiles } = ts.preProcessFile(source, true, true)
  const bare = importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith('.') && !name.startsWith('/') && !isBuiltin(name))
  return [...new Set(bare.map(packageName))].sort()
}

/** `@kic/nn/node` → `@kic/nn`. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
