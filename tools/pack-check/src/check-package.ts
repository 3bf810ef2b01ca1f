import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import { installProject, projectManifest } from './empty-project.ts'
import { toCommonJs, toEsModule } from './example-modules.ts'
import { importedPackages } from './imported-packages.ts'
import type { PackedPackage } from './pack-package.ts'
import { packageFaults } from './package-faults.ts'
import { type ReadmeExample, readmeExample } from './readme-example.ts'
import { runCommand } from './run-command.ts'

/** One check of one package: `passed`, `failed` with the reason, or `not-run` as an earlier one failed or it does not apply. */
export interface CheckResult {
  readonly outcome: 'passed' | 'failed' | 'not-run'
  readonly milliseconds: number
  readonly reason?: string | undefined
}

/** The checks, in their order. */
export const CHECKS = ['contents', 'install', 'esm', 'cjs', 'eager'] as const
export type CheckName = (typeof CHECKS)[number]

export interface PackageResult {
  readonly name: string
  readonly checks: Readonly<Record<CheckName, CheckResult>>
}

/**
 * Installs a packed package into an empty project as its README says and runs the README's example there: as an ES
 * module, as CommonJS, and once more with ONNX Runtime taken away where it was installed beside TensorFlow.js.
 *
 * @param packed the packages of the workspace that it needs, itself included
 * @param project the folder of the project, outside of any other; the one before may have used it
 */
export const checkPackage = async (
  subject: PackedPackage,
  packed: readonly PackedPackage[],
  project: string,
): Promise<PackageResult> => {
  const path = join(subject.folder, 'README.md')
  const readme = await attempt(async () => readmeExample(path, await readText(path)))
  const example = readme.value
  if (example === undefined) {
    const { result } = readme
    const none = NOT_RUN
    return {
      name: subject.manifest.name,
      checks: { contents: result, install: none, esm: none, cjs: none, eager: none },
    }
  }
  const contents = await check(true, () => checkContents(subject, example))
  const run = async (file: string, code: string): Promise<void> => {
    await writeFile(join(project, file), code)
    await runCommand('node', [file], { cwd: project, env: bareEnvironment(), timeoutMs: 120_000 })
  }
  const install = await check(true, async () =>
    installProject(project, projectManifest(subject, example.installs, packed)),
  )
  const installed = install.outcome === 'passed'
  const esm = await check(installed, async () => run('example.mjs', toEsModule(example.source)))
  const cjs = await check(installed, async () => run('example.cjs', toCommonJs(toEsModule(example.source))))
  const runtime = join(project, 'node_modules', 'onnxruntime-node')
  // Without ONNX Runtime, TensorFlow.js computes if it is installed; saved classifiers need ONNX Runtime to predict.
  const falls =
    example.installs.includes('@tensorflow/tfjs') && !('@kic/predictor' in subject.manifest.dependencies)
  const compiles = esm.outcome === 'passed' && existsSync(runtime) && falls
  const eager = await check(compiles, async () => {
    const away = join(project, 'onnxruntime-node.away')
    await rename(runtime, away)
    try {
      await run('eager.mjs', toEsModule(example.source))
    } finally {
      await rename(away, runtime)
    }
  })
  return { name: subject.manifest.name, checks: { contents, install, esm, cjs, eager } }
}

/** @throws KicError `pack-check/contents` listing every fault. */
const checkContents = async (subject: PackedPackage, { installs, source }: ReadmeExample): Promise<void> => {
  const faults = [
    ...(await packageFaults(subject)),
    ...importedPackages(source)
      .filter((name) => !installs.includes(name))
      .map((name) => `its README's example imports ${name}, which the README does not install`),
  ]
  if (faults.length > 0) throw new KicError('pack-check/contents', faults.join('; '))
}

const NOT_RUN: CheckResult = { outcome: 'not-run', milliseconds: 0 }

const check = async (applies: boolean, body: () => Promise<void>): Promise<CheckResult> =>
  applies ? (await attempt(body)).result : NOT_RUN

/** Runs `body`; its value where it succeeded. */
const attempt = async <T>(
  body: () => Promise<T>,
): Promise<{ result: CheckResult; value?: T | undefined }> => {
  const start = performance.now()
  const elapsed = (): number => performance.now() - start
  try {
    const value = await body()
    return { result: { outcome: 'passed', milliseconds: elapsed() }, value }
  } catch (error) {
    if (!isKicError(error)) throw error
    const reason = `${error.code}: ${error.message}`
    return { result: { outcome: 'failed', milliseconds: elapsed(), reason } }
  }
}

/** @throws KicError `pack-check/readme` where there is none. */
const readText = async (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new KicError('pack-check/readme', `checkPackage: ${path} cannot be read; every package has one`, {
      cause,
    })
  })

/** The environment without what could lend a project the repository's own modules or conditions. */
const bareEnvironment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _options, NODE_PATH: _path, ...rest } = process.env
  return rest
}
