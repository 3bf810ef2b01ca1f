import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isKicError, KicError } from '@kic/core'
import { packPackage } from '../pack-package.ts'
import { readmeExample } from '../readme-example.ts'
import { withDependencies, workspacePackages } from '../workspace-packages.ts'
import { checkStart } from './check-start.ts'

const SUBJECT = '@kic/classifier'
const MOST_PACKAGES = 2
const MOST_LINES = 20

const root = resolve(import.meta.dirname, '../../../..')

const check = async (): Promise<void> => {
  const page = join(root, 'docs/start.md')
  const example = readmeExample(page, await readFile(page, 'utf8'))
  const lines = example.source.split('\n').filter((line) => line.trim() !== '').length
  if (example.installs.length > MOST_PACKAGES || lines > MOST_LINES) {
    throw new KicError(
      'pack-check/start',
      `check start: ${page} begins with ${MOST_PACKAGES} packages and ${MOST_LINES} lines at most, received ` +
        `${example.installs.length} and ${lines}. Shorten its first program.`,
    )
  }
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kic-start-')))
  try {
    const needed = withDependencies(await workspacePackages(root), SUBJECT)
    const packed = await Promise.all(needed.map((built) => packPackage(built, folder)))
    const subject = packed.find(({ manifest }) => manifest.name === SUBJECT)
    if (subject === undefined) throw new KicError('pack-check/start', `check start: there is no ${SUBJECT}.`)
    const [esm = ''] = await checkStart(example, subject, packed, join(folder, 'project'))
    console.log(`${esm}\n${example.installs.join(' and ')}: ${lines} lines compile and run, as ESM and CJS`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

try {
  await check()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
