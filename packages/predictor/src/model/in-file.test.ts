import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flatClassification } from '@kic/classification'
import { KicError } from '@kic/core'
import { saveTinyModel } from '@kic/tool-tiny-models'
import { expect, it } from 'vitest'
import { loadPredictor } from '../node.ts'
import { inFile } from './in-file.ts'

const file = { caller: 'explain', path: 'a.bin', folder: 'model' }

it('adds where the fault is, and keeps what is no fault of the file', () => {
  const fails = (error: Error) => () =>
    inFile(file, () => {
      throw error
    })
  expect(inFile(file, () => 1)).toBe(1)
  expect(fails(new KicError('ngram/file', 'readNgramModel: a rule.'))).toThrow(
    expect.objectContaining({
      code: 'ngram/file',
      message: 'explain: a.bin in model: readNgramModel: a rule.',
    }),
  )
  const defect = new TypeError('x is not a function')
  expect(fails(defect)).toThrow(defect)
})

it('tells which tokenizer is damaged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-in-file-'))
  try {
    const classification = flatClassification(['a', 'b'])
    await saveTinyModel(
      folder,
      { format: 'kic-model', version: 1, classification, script: null },
      { 0: 'a', 1: 'b' },
    )
    await writeFile(join(folder, 'tokenizer.json'), '{}')
    await expect(loadPredictor(folder)).rejects.toThrow(
      /^loadPredictor: tokenizer\.json in .*: createTokenizer: /,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
