import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codesOf, labelsOf } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadRows, writeCompetitionFile } from '../__fixtures__/ksic-files.ts'
import { joinFields, type Row } from '../row.ts'

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-competition-'))
  path = join(folder, 'rows.txt')
})
afterAll(() => rm(folder, { recursive: true }))

it('writes the format of the competition, byte by byte', async () => {
  const rows: Row[] = [
    {
      id: 'id_0000001',
      line: 2,
      text: '논에서 벼재배',
      fields: { object: '논에서', method: '벼재배', deal: '' },
      labels: labelsOf(ksic10, 'group', '011'),
    },
    { id: 'id_0000002', line: 3, text: '세탁소' },
  ]
  expect(await writeCompetitionFile(path, rows)).toBe(2)
  expect(await readFile(path)).toEqual(
    iconv.encode(
      'AI_id|digit_1|digit_2|digit_3|text_obj|text_mthd|text_deal\r\nid_0000001|A|1|11|논에서|벼재배|\r\nid_0000002||||세탁소||\r\n',
      'cp949',
    ),
  )
})

it('is read back unchanged, in every encoding', async () => {
  const cell = fc.string({ unit: fc.constantFrom('가', '똠', ' ', ',', '"', '\t', '\u3000', 'a', '9') })
  const group = fc.option(fc.constantFrom(...codesOf(ksic10, 'group')), { nil: undefined })
  const encoding = fc.constantFrom('cp949' as const, 'utf-8' as const, 'utf-8-bom' as const)
  const fields = fc.record({ object: cell, method: cell, deal: cell }).filter((f) => joinFields(f) !== '')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fields, group), { minLength: 1 }), encoding, async (list, written) => {
      const rows = list.map(
        ([given, code], i): Row => ({
          id: `id_${i}`,
          line: i + 2,
          text: joinFields(given),
          fields: given,
          ...(code === undefined ? {} : { labels: labelsOf(ksic10, 'group', code) }),
        }),
      )
      await writeCompetitionFile(path, rows, { encoding: written })
      const forced = written === 'cp949' ? 'cp949' : 'utf-8'
      expect((await loadRows(path, { encoding: forced })).rows).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

it.each(['벼|쌀', '벼\n쌀'])('refuses %j, which the format does not support', async (text) => {
  await expect(writeCompetitionFile(path, [{ id: 'id_1', line: 2, text }])).rejects.toMatchObject({
    code: 'data/unwritable-cell',
  })
})
