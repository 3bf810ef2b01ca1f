import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPage } from './read-page.ts'

const root = join(import.meta.dirname, '../../..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
]
const run = promisify(execFile)

let folder: string
beforeAll(async () => {
  // Below the repository, so that programs find the packages.
  const cache = join(root, 'node_modules/.cache')
  await mkdir(cache, { recursive: true })
  folder = await mkdtemp(join(cache, 'kic-docs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(pages)('%s', async (path) => {
  const { program, links } = readPage(await readFile(join(root, path), 'utf8'))

  it('links to what is there', () => {
    expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([])
  })

  if (program !== '' && path !== 'CONTRIBUTING.md') {
    it('shows code that runs', { timeout: 120_000 }, async () => {
      const file = join(folder, `${path.replaceAll('/', '-')}.mts`)
      await writeFile(file, program)
      const { stdout } = await run(process.execPath, ['--conditions=@kic/source', '--import', 'tsx', file], {
        cwd: folder,
      })
      expect(stdout).not.toBe('')
    })
  }
})
