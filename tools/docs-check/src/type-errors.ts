import ts from 'typescript'

/** What `tsc --init` of TypeScript 5.9 writes for a fresh project, with Node.js's types; sources of this repository stand in for builds. */
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
  skipLibCheck: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ['@kic/source'],
  allowImportingTsExtensions: true,
  esModuleInterop: true,
  types: ['node'],
}

/**
 * What TypeScript says about programs, each as `line: message`, by the program's path. All are one compilation, which reads
 * the packages' types once.
 *
 * @param paths of files on disk, below the repository so that they find its packages
 */
export const typeErrors = (paths: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const program = ts.createProgram([...paths], OPTIONS)
  return new Map(
    paths.map((path) => {
      const file = program.getSourceFile(path)
      const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      return [path, diagnostics.map(described)]
    }),
  )
}

const described = ({ file, start = 0, messageText }: ts.Diagnostic): string => {
  const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
  return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
}
