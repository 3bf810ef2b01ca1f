import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, defined } from '@kic/core'
import type { Probabilities } from '@kic/scores'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnsembleInput } from './ensemble.ts'
import { readPredictions } from './read-predictions.ts'
import { loadEnsemble, openAllPredictions, saveEnsemble, voteOnStored } from './stored-ensemble.ts'
import { openPredictions, writePredictions } from './stored-predictions.ts'
import { vote } from './vote.ts'
import { voteOnAllStored } from './vote-on-all-stored.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-predictions-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const random = createRandom('stored')
const ids = Array.from({ length: 11 }, (_, i) => (i === 3 ? '가나 다|,"' : i === 4 ? '' : `id_${i}`))
const draw = (classes: number, rows = ids.length): Probabilities => {
  const data = new Float32Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    const parts = Array.from({ length: classes }, () => random.next() ** 3)
    const sum = parts.reduce((a, b) => a + b, 0)
    data.set(
      parts.map((x) => x / sum),
      row * classes,
    )
  }
  return { rows, classes, data }
}
const slice = ({ classes, data }: Probabilities, start: number, end: number): Probabilities => ({
  rows: end - start,
  classes,
  data: data.slice(start * classes, end * classes),
})
const labels = { group: ['011', '012', '021', '051'], division: ['01', '02', '05'] }
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'ensemble/predictions', message: expect.stringMatching(message) })

describe('stored predictions', () => {
  it('are read back unchanged, in any blocks, with their ids', async () => {
    const path = join(folder, 'exact.safetensors')
    const all = draw(4)
    const info = { level: 'group', labels: labels.group, ids }
    await writePredictions(path, info, [slice(all, 0, 5), slice(all, 5, 11)], { dtype: 'float32' })
    const file = await openPredictions(path)
    expect(file).toMatchObject({ ...info, rows: 11, path })
    expect((await file.read(0, 100)).data).toEqual(all.data)
    expect(await file.read(4, 3)).toEqual(slice(all, 4, 7))
    expect(await file.read(11, 3)).toEqual(slice(all, 11, 11))
    await expect(file.read(12, 1)).rejects.toThrowError(expect.objectContaining({ code: 'ensemble/rows' }))
    await file.close()
    expect(await readPredictions(path)).toEqual(all)
  })

  it('have half the size as float16, and an error below a thousandth', async () => {
    const path = join(folder, 'half.safetensors')
    const all = draw(4)
    await writePredictions(path, { level: 'group', labels: labels.group, ids }, [all])
    const file = await openPredictions(path)
    const { data } = await file.read(0, 11)
    await file.close()
    data.forEach((p, i) => {
      expect(Math.abs(p - defined(all.data[i]))).toBeLessThanOrEqual(defined(all.data[i]) / 2048 + 3e-8)
    })
    const exact = await readFile(join(folder, 'exact.safetensors'))
    expect(exact.length - (await readFile(path)).length).toBe(2 * 44)
  })

  it('are a safetensors file with aligned arrays', async () => {
    const bytes = await readFile(join(folder, 'half.safetensors'))
    const length = Number(bytes.readBigUInt64LE(0))
    expect(length % 8).toBe(0)
    const header: Record<string, unknown> = JSON.parse(bytes.subarray(8, 8 + length).toString())
    expect(header).toMatchObject({
      id_ends: { dtype: 'I32', shape: [11], data_offsets: [0, 44] },
      probabilities: { dtype: 'F16', shape: [11, 4], data_offsets: [44, 132] },
    })
  })

  it('refuse blocks, labels and numbers that do not match', async () => {
    const path = join(folder, 'bad.safetensors')
    const info = { level: 'group', labels: labels.group, ids }
    const write = (block: Probabilities) => expect(writePredictions(path, info, [block])).rejects
    await write(draw(3)).toThrowError(expect.objectContaining({ cause: refused(/4 labels/) }))
    await write(draw(4, 10)).toThrowError(expect.objectContaining({ cause: refused(/11 ids and 10 rows/) }))
    for (const p of [Number.NaN, -0.1, 1.5, Number.POSITIVE_INFINITY]) {
      const { data, ...rest } = draw(4)
      data[6] = p
      await write({ ...rest, data }).toThrowError(
        expect.objectContaining({ cause: refused(/class 2 in row 1\./) }),
      )
    }
    await expect(readFile(path)).rejects.toThrow(/ENOENT/)
  })

  it('are refused if damaged, and never fail in another way', async () => {
    const bytes = await readFile(join(folder, 'half.safetensors'))
    const path = join(folder, 'damaged.safetensors')
    await expect(openPredictions(join(folder, 'none'))).rejects.toThrowError(refused(/ENOENT/))
    for (const damaged of [
      bytes.subarray(0, 5),
      bytes.subarray(0, 60),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, bytes]),
    ]) {
      await writeFile(path, damaged)
      await expect(openPredictions(path)).rejects.toThrowError(refused(/damaged/))
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(bytes)
        damaged[at] = defined(damaged[at]) ^ change
        await writeFile(path, damaged)
        try {
          const file = await openPredictions(path)
          try {
            expect((await file.read(0, 11)).data.every((p) => p >= 0 && p < 1.01)).toBe(true)
          } finally {
            await file.close()
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'ensemble/predictions' })
        }
      }),
      { numRuns: 200 },
    )
  })
})

const input: EnsembleInput = {
  format: 'kic-ensemble',
  version: 1,
  scheme: 'published',
  levels: [
    { name: 'section', labels: ['A', 'B'] },
    { name: 'division', labels: labels.division, parents: [0, 0, 1] },
    { name: 'group', labels: labels.group, parents: [0, 0, 1, 2] },
  ],
  members: [
    { name: 'one', level: 'group', predictions: 'one.safetensors', model: 'models/one' },
    { name: 'two', level: 'group', predictions: 'two.safetensors', weight: 2, temperature: 1.5 },
    { name: 'three', level: 'division', predictions: 'three.safetensors' },
  ],
}

describe('a stored ensemble', () => {
  const members = [draw(4), draw(4), draw(3)]
  const path = () => join(folder, 'ensemble.json')
  const store = (name: string, level: 'group' | 'division', probabilities: Probabilities, rows = ids) =>
    writePredictions(
      join(folder, `${name}.safetensors`),
      { level, labels: labels[level], ids: rows },
      [probabilities],
      {
        dtype: 'float32',
      },
    )
  const readAll = async () => {
    const voted = []
    for await (const rows of voteOnStored(await loadEnsemble(path()), { blockRows: 4 })) voted.push(rows)
    return voted
  }

  beforeAll(async () => {
    const [one, two, three] = members
    if (!one || !two || !three) throw new Error('three members')
    await store('one', 'group', one)
    await store('two', 'group', two)
    await store('three', 'division', three)
    await saveEnsemble(path(), input)
  })

  it('votes block by block as on everything at once', async () => {
    const ensemble = await loadEnsemble(path())
    expect(ensemble.members[0]).toMatchObject({ model: join(folder, 'models/one') })
    const whole = vote(ensemble, members)
    const voted = await readAll()
    expect(voted.map(({ start }) => start)).toEqual([0, 4, 8])
    expect(voted.flatMap((rows) => rows.ids)).toEqual(ids)
    expect(await voteOnAllStored(ensemble)).toEqual({ start: 0, ids, ...whole })
    for (const level of ['section', 'division', 'group']) {
      expect(voted.flatMap((rows) => [...(rows.levels[level]?.classes ?? [])])).toEqual([
        ...(whole.levels[level]?.classes ?? []),
      ])
      expect(voted.flatMap((rows) => [...(rows.levels[level]?.confidence ?? [])])).toEqual([
        ...(whole.levels[level]?.confidence ?? []),
      ])
    }
  })

  it('opens as a source of blocks for selection', async () => {
    const paths = ['one', 'two'].map((name) => join(folder, `${name}.safetensors`))
    const opened = await openAllPredictions(paths, { blockRows: 3 })
    const starts: number[] = []
    for await (const { start, members: block } of opened.source()) {
      starts.push(start)
      expect(block.map(({ classes }) => classes)).toEqual([4, 4])
    }
    await opened.close()
    expect(starts).toEqual([0, 3, 6, 9])
  })

  it('refuses files with other rows, labels or levels, and invalid ensembles', async () => {
    const one = draw(4)
    await store('two', 'group', one, ids.with(5, 'id_other'))
    await expect(readAll()).rejects.toThrowError(
      refused(/row 5 as 'id_other' in .*two.* and 'id_5' in .*one/),
    )
    await store('two', 'group', draw(4, 5), ids.slice(0, 5))
    await expect(readAll()).rejects.toThrowError(refused(/received 5 in .* 11 in/))
    await store('two', 'division', draw(3))
    await expect(readAll()).rejects.toThrowError(
      refused(
        /the member 'two' must predict the 4 classes of 'group' in order, received the 3 of 'division'/,
      ),
    )
    const { predictions: _, ...without } = defined(input.members[1])
    await saveEnsemble(path(), { ...input, members: [...input.members.slice(0, 1), without] })
    await expect(readAll()).rejects.toThrowError(refused(/received 'two' without them/))
    await writeFile(path(), '{ "format": "kic-ensemble"')
    const code = expect.objectContaining({ code: 'ensemble/file', message: expect.stringContaining(path()) })
    await expect(readAll()).rejects.toThrowError(code)
    await expect(saveEnsemble(path(), { ...input, members: [] })).rejects.toThrowError(/members/)
  })
})
