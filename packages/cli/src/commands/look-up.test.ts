import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ksic10 } from '@kic/classification/ksic'
import { describe, expect, it } from 'vitest'
import { fakeIo } from '../__fixtures__/fake-io.ts'
import { run } from '../run.ts'
import { lookUp } from './look-up.ts'

const kic = async (...args: string[]) => {
  const io = fakeIo()
  const code = await run(args, io)
  return { code, out: io.printed(), err: io.told() }
}

describe('kic ksic', () => {
  it('shows a code with what stands above and below it', async () => {
    const { code, out } = await kic('ksic', '95', '--json')
    expect(code).toBe(0)
    const { path, children } = JSON.parse(out)
    expect(path.map((entry: { code: string }) => entry.code)).toEqual(['S', '95'])
    expect(children.map((entry: { code: string }) => entry.code)).toEqual(['951', '952', '953'])
    expect((await kic('ksic', '952')).out).toMatch(/^S .*\n95 .*\n952 +group +자동차/)
    expect((await kic('ksic', 's')).out).toContain('95 ')
  })

  it('finds something for every example of its help', async () => {
    const helps = [(await kic('--help')).out, (await kic('ksic', '--help')).out]
    const examples = helps.flatMap((help) => help.match(/(?<=^ {2}kic )ksic .*/gm) ?? [])
    expect(examples.length).toBeGreaterThan(3)
    for (const example of examples) {
      if (/^ksic {2}/.test(example)) continue
      expect([example, (await kic(...example.split(' '))).code]).toEqual([example, 0])
    }
  })

  it('searches names, in Korean and English, and lists the sections without a query', async () => {
    const { out } = await kic('ksic', '철물', '도매', '--json')
    expect(JSON.parse(out).matches.map((entry: { code: string }) => entry.code)).toEqual(['466'])
    expect((await kic('ksic', 'education')).out).toMatch(/^P /)
    expect((await kic('ksic')).out.trim().split('\n')).toHaveLength(21)
    expect(
      JSON.parse((await kic('ksic', '도매', '--level', 'division', '--json')).out).matches.length,
    ).toBeGreaterThan(0)
  })

  it('ends with 1 where there is nothing, and with 2 where the command line is wrong', async () => {
    expect(await kic('ksic', '없는업종이름')).toMatchObject({ code: 1, out: 'nothing found\n' })
    expect(await kic('ksic', '--level', 'village')).toMatchObject({ code: 2, out: '' })
    expect(await kic('frobnicate')).toMatchObject({ code: 2 })
  })

  it('agrees with the table of the classification, code by code', () => {
    const lines = ['code\tlevel\tparent\tname']
    const add = (code: string, parent: string): void => {
      const answer = lookUp(ksic10, [code])
      if (!('path' in answer)) throw new Error(`${code} is not known`)
      const { path, children } = answer
      expect(path.at(-2)?.code ?? '').toBe(parent)
      lines.push([code, path.length, parent, path.at(-1)?.name].join('\t'))
      for (const child of children) add(child.code, code)
    }
    const sections = lookUp(ksic10, [])
    if (!('matches' in sections)) throw new Error('no sections')
    for (const { code } of sections.matches) add(code, '')
    // The SHA-256 of a table of all 330 codes, levels, parents and Korean names that was made from the published one.
    expect(
      createHash('sha256')
        .update(`${lines.join('\n')}\n`)
        .digest('hex'),
    ).toBe('894b8d07e0fe7f69947c69ef9d36b22894dbfe8a229f2ebad7f4481599f3b63b')
  })
})

describe('kic', () => {
  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await kic('--version')).toMatchObject({ code: 0, out: `${version}\n` })
    expect(await kic('-V')).toMatchObject({ code: 0, out: `${version}\n` })
  })

  it.each([
    [],
    ...['predict', 'evaluate', 'inspect', 'ksic', 'train', 'tapt', 'export', 'ensemble', 'serve'].map(
      (name) => [name],
    ),
    ['ensemble', 'create'],
    ['ensemble', 'vote'],
  ])('explains itself: %s --help', async (...command) => {
    const { code, out } = await kic(...command, '--help')
    expect(code).toBe(0)
    expect(out).toContain('Examples:')
  })

  it.each(['predict', 'evaluate', 'train', 'tapt', 'ensemble vote'])(
    'reads with the same options everywhere: %s',
    async (command) => {
      const { out } = await kic(...command.split(' '), '--help')
      for (const option of ['--encoding', '--columns', '--skip-bad-rows', '--cut-codes'])
        expect(out).toContain(option)
    },
  )
})
