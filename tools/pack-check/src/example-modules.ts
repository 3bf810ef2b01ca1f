import { KicError } from '@kic/core'
import ts from 'typescript'

/** An ES module without types. Imports stay as written, except those of types alone. */
export const toEsModule = (typescript: string): string =>
  ts.transpileModule(typescript, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText

/**
 * The same program as a CommonJS module: imports at the top become `require`, the rest the body of an async function,
 * as CommonJS has no top-level await.
 *
 * @throws KicError `pack-check/import` for an import that is neither named nor a namespace.
 */
export const toCommonJs = (esModule: string): string => {
  const requires: string[] = []
  const body = esModule.replace(/^import\s+([^'"]*?)\s*from\s*['"]([^'"]+)['"];?\n/gm, (_, what, from) => {
    requires.push(`const ${binding(String(what))} = require('${String(from)}')\n`)
    return ''
  })
  return `${requires.join('')}const main = async () => {\n${body}}\nmain()\n`
}

const binding = (imported: string): string => {
  const namespace = /^\* as (\w+)$/.exec(imported)?.[1]
  if (namespace !== undefined) return namespace
  if (/^\{[^{}]*\}$/.test(imported)) return imported.replaceAll(/(\w+)\s+as\s+(\w+)/g, '$1: $2')
  throw new KicError(
    'pack-check/import',
    `toCommonJs: an example may import { names } or * as name, received "import ${imported}". Change the import.`,
  )
}
