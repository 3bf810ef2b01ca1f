import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentedPages, runProgram, type WrittenPrograms, writePrograms } from './documented-programs.ts'
import { typeErrors } from './type-errors.ts'

const root = join(import.meta.dirname, '../../..')
const pages = documentedPages(root)
const programs = pages.filter(({ program }) => program !== '')
/** Those of packages run in `npm run check -- docs`, and once more as published in `npm run check -- install`. */
const quick = programs.filter(({ path }) => !path.startsWith('packages/'))

let written: WrittenPrograms
let errors: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  written = await writePrograms(root, programs)
  errors = typeErrors(programs.map(({ path }) => written.fileOf(path)))
}, 120_000)
afterAll(() => written.dispose())

it('finds the pages and their code', () => {
  expect(pages.length).toBeGreaterThan(40)
  expect(programs.length).toBeGreaterThan(20)
})

describe.each(pages)('$path', ({ path, links }) => {
  it('has valid links', () => {
    expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([])
  })
})

describe.each(programs)('the code of $path', ({ path }) => {
  it('compiles in a fresh, strict project', () => {
    expect(errors.get(written.fileOf(path))).toEqual([])
  })
})

describe.each(quick)('the code of $path', ({ path }) => {
  it('runs', { timeout: 120_000 }, async () => {
    expect(await runProgram(written.fileOf(path))).not.toBe('')
  })
})
