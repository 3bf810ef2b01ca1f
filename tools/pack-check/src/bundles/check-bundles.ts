import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { withChromium } from '@kic/tool-chromium'
import { transform } from 'esbuild'
import type { BrowserContext } from 'playwright-core'
import { installProject, projectManifest } from '../empty-project.ts'
import type { PackedPackage } from '../pack-package.ts'
import { runCommand } from '../run-command.ts'
import { BUNDLERS, bundleName, TARGETS, type Target } from './bundlers.ts'
import { serveProject } from './serve-project.ts'

/** What came of one bundle: `ok`, or the reason why not. */
export interface BundleResult {
  readonly bundler: string
  readonly target: Target
  readonly result: string
}

/** The group of '카센터에서 자동차부분정비 타이어오일교환': repair of motor vehicles. */
const RIGHT = '952'

/**
 * Installs the packed predictor and model into an empty project, bundles a program and a page that use them by every
 * bundler, and runs each bundle in Node.js or headless Chromium.
 */
export const checkBundles = async (
  packed: readonly PackedPackage[],
  project: string,
): Promise<readonly BundleResult[]> => {
  const subject = packed.find(({ manifest }) => manifest.name === '@kic/predictor')
  if (subject === undefined) {
    throw new KicError(
      'pack-check/unknown-package',
      'checkBundles: @kic/predictor must be among the packages',
    )
  }
  const installs = ['@kic/predictor', '@kic/model-mini', 'onnxruntime-web']
  await installProject(project, projectManifest(subject, installs, packed))
  const bundles = join(project, 'dist')
  await mkdir(bundles, { recursive: true })
  const program = await writeApp('node-app', project)
  const page = await writeApp('browser-app', project)

  const server = await serveProject(project, bundles)
  const results: BundleResult[] = []
  try {
    await withChromium(async (context) => {
      for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
        for (const target of TARGETS) {
          console.error(`${bundler}, ${target} …`)
          const name = bundleName(bundler, target)
          const run = async (): Promise<void> => {
            await bundle(target === 'browser' ? page : program, target, bundles, name)
            if (target === 'browser') await runPage(context, `${server.origin}/page/${name}`)
            else await runProgram(project, join(bundles, name))
          }
          results.push({ bundler, target, result: await outcome(run) })
        }
      }
    })
  } finally {
    await server.close()
  }
  return results
}

const outcome = (run: () => Promise<void>): Promise<string> =>
  run().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

/** Writes an app as plain JavaScript, which every bundler reads. */
const writeApp = async (name: string, project: string): Promise<string> => {
  const source = await readFile(join(import.meta.dirname, 'apps', `${name}.ts`), 'utf8')
  const { code } = await transform(source, { loader: 'ts', target: 'es2022', supported: {} })
  const path = join(project, `${name}.mjs`)
  await writeFile(path, code)
  return path
}

const expectAnswers = (answers: readonly string[], wanted: readonly string[]): void => {
  if (answers.join() === wanted.join()) return
  throw new KicError(
    'pack-check/bundle',
    `checkBundles: the bundle must answer ${wanted.join(', ')}, received ${answers.join(', ')}`,
  )
}

const runProgram = async (project: string, file: string): Promise<void> => {
  const printed = await runCommand('node', [file], { cwd: project, timeoutMs: 120_000 })
  expectAnswers(printed.trim().split('\n'), [RIGHT, RIGHT])
}

const runPage = async (context: BrowserContext, url: string): Promise<void> => {
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  try {
    await page.goto(url)
    const answer = await page
      .waitForSelector('body[data-answer]', { state: 'attached', timeout: 60_000 })
      .then((body) => body.getAttribute('data-answer'))
      .catch((cause: unknown) => `${problems.join('; ')} ${String(cause)}`)
    expectAnswers([answer ?? ''], [RIGHT])
  } finally {
    await page.close()
  }
}
