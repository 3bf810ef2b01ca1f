import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { installProject, projectManifest } from '../empty-project.ts'
import type { PackedPackage } from '../pack-package.ts'
import type { ReadmeExample } from '../readme-example.ts'
import { runCommand } from '../run-command.ts'
import { asyncBody } from './async-body.ts'

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: false,
    outDir: 'out',
  },
  files: ['start.mts', 'start.cts'],
}

/**
 * Installs the packages of a page into an empty project, compiles its first program there with `strict` and without
 * `skipLibCheck`, as an ES module and as CommonJS, and runs both.
 *
 * @param subject the package whose peers give the ranges of other packages
 * @param project the project's folder, outside of the repository
 * @returns the output of the two programs
 * @throws KicError `pack-check/command` with the compiler's or the program's output
 */
export const checkStart = async (
  { installs, source }: ReadmeExample,
  subject: PackedPackage,
  packed: readonly PackedPackage[],
  project: string,
): Promise<readonly string[]> => {
  await installProject(project, projectManifest(subject, installs, packed))
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG, undefined, 2))
  await writeFile(join(project, 'start.mts'), source)
  await writeFile(join(project, 'start.cts'), asyncBody(source).replaceAll('runs/', 'runs/cjs/'))
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const run = (...args: readonly string[]): Promise<string> =>
    runCommand('node', args, { cwd: project, timeoutMs: 300_000 })
  await run(compiler, '-p', project)
  return [await run('out/start.mjs'), await run('out/start.cjs')]
}
