import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPreparation } from '@kic/data/node'
import { defaultPreparation } from '@kic/data/prepare'
import { createTokenizer, tokenLimit, trainWordPiece } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { expect, it } from 'vitest'
import { saveTextFiles } from './save-text-files.ts'

it('keeps how texts become ids, and the length that a model learned', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-text-files-'))
  const vocabulary = await trainWordPiece(['a late goal'], { vocabSize: 60, minFrequency: 1 })
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  await saveTextFiles(folder, tokenizer)
  expect(tokenLimit(await loadTokenizer(folder), 80)).toBe(80)
  await saveTextFiles(folder, tokenizer, { maxLength: 40 })
  const saved = await loadTokenizer(folder)
  expect(tokenLimit(saved, 80)).toBe(40)
  expect(saved.encode('goal, late')).toEqual(tokenizer.encode('goal, late'))
  expect(await loadPreparation(folder)).toEqual(defaultPreparation)
  await rm(folder, { recursive: true })
})
