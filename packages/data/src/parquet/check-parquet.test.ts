import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import { describe, expect, it } from 'vitest'
import { readRowBlocks } from '../__fixtures__/ksic-files.ts'
import { checkThrift } from './check-thrift.ts'

const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(join(import.meta.dirname, '../__fixtures__', name)))

const outcome = async (bytes: Uint8Array): Promise<string> => {
  try {
    let rows = 0
    for await (const block of readRowBlocks(bytes, { rejects: 'collect', duplicateIds: 'accept' })) {
      rows += block.rows.length + block.rejects.length
    }
    return `${rows} rows`
  } catch (error) {
    if (isKicError(error)) return error.code
    throw error
  }
}

describe('a Parquet file with a damaged byte', () => {
  it.each(['competition.parquet', 'named.parquet'])(
    'gives rows or an error: %s',
    { timeout: 60_000 },
    async (name) => {
      const bytes = await fixture(name)
      const seen = new Set<string>()
      for (let at = 4; at < bytes.length - 4; at += 1) {
        const damaged = bytes.slice()
        damaged[at] = [0x01, 0x7f, 0xff][at % 3] ?? 0
        seen.add(await outcome(damaged))
      }
      expect(seen).toContain('data/damaged-parquet')
      expect(seen).toContain(await outcome(bytes))
    },
  )
})

describe('checkThrift', () => {
  it('reads to the end of a structure', () => {
    // Fields: int 1, text 'ab', list of two structures, true.
    expect(() =>
      checkThrift(Uint8Array.of(0x15, 2, 0x18, 2, 0x61, 0x62, 0x19, 0x2c, 0x15, 2, 0, 0, 0x11, 0), 0),
    ).not.toThrow()
  })

  it.each([
    ['more elements of a list than bytes', Uint8Array.of(0x19, 0xf5, 0xff, 0xff, 0x7f, 0)],
    ['the end', Uint8Array.of(0x15)],
    ['a type that Parquet does not use', Uint8Array.of(0x1b, 1, 0)],
    ['structures without end', new Uint8Array(5_000).fill(0x1c)],
  ])('refuses %s', (_, bytes) => {
    expect(() => checkThrift(bytes, 0)).toThrow(/metadata/)
  })
})
