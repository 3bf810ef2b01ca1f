import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-examples-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What an example prints, run as its first reader runs it, but in a temporary folder. */
const run = async (name: string): Promise<string> => {
  const args = ['--conditions=@kic/source', '--import', import.meta.resolve('tsx')]
  const program = join(import.meta.dirname, `${name}.ts`)
  const { stdout } = await promisify(execFile)(process.execPath, [...args, program], { cwd: folder })
  return stdout
}

/** The first group of a pattern in what was printed. */
const found = (printed: string, pattern: RegExp): string => {
  const group = pattern.exec(printed)?.[1]
  if (group === undefined) throw new Error(`${pattern} must match what was printed, received:\n${printed}`)
  return group
}

describe('each example runs unchanged and prints its result', { timeout: 120_000 }, () => {
  it('train-own-labels', async () => {
    const printed = await run('train-own-labels')
    expect(printed).toContain('naive Bayes on n-grams')
    expect(Number(found(printed, /^accuracy on 90 .*: ([\d.]+)$/m))).toBeGreaterThan(0.85)
    expect(printed).toMatch(/^Where is my parcel\? {2}coded: delivery/m)
    expect(printed).toMatch(/^My address is wrong {2}review: /m)
    expect(printed).toMatch(/^\?\?\? {2}unusable: no-letters$/m)
  })

  it('pretrained-folder', async () => {
    const printed = await run('pretrained-folder')
    const perplexity = (epoch: number) =>
      Number(found(printed, new RegExp(`^epoch ${epoch}: perplexity ([\\d.]+)$`, 'm')))
    expect(perplexity(6)).toBeLessThan(perplexity(1))
    const accuracy = (of: string) =>
      Number(found(printed, new RegExp(`^runs/${of}: accuracy ([\\d.]+) on 300 sentences$`, 'm')))
    expect(accuracy('fine-tuned')).toBeGreaterThan(accuracy('from-scratch') + 0.15)
  })

  it('own-loss', async () => {
    const printed = await run('own-loss')
    const price = (loss: string) => Number(found(printed, new RegExp(`^${loss}: .*price (\\d+)$`, 'm')))
    expect(price('priced')).toBeLessThan(0.7 * price('cross-entropy'))
  })

  it('export-and-predict', async () => {
    const printed = await run('export-and-predict')
    const size = (precision: string) =>
      Number(found(printed, new RegExp(`^${precision}: (\\d+) KiB, \\d+ texts a second$`, 'm')))
    expect(size('float16')).toBeLessThan(0.6 * size('float32'))
    expect(size('int8')).toBeLessThan(size('float16'))
    expect(printed.match(/^ {2}The striker scored twice: sport/gm)).toHaveLength(3)
    expect(printed.match(/^ {2}A vote on the treaty: politics/gm)).toHaveLength(3)
  })
})

it('has examples of one file with under 60 lines, each with a test', async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => /^[a-z-]+\.ts$/.test(name)).sort()
  expect(files).toEqual([
    'export-and-predict.ts',
    'own-loss.ts',
    'pretrained-folder.ts',
    'train-own-labels.ts',
  ])
  for (const name of files) {
    const text = await readFile(join(import.meta.dirname, name), 'utf8')
    expect(text.trimEnd().split('\n').length, name).toBeLessThan(60)
  }
})
