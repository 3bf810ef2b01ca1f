import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isKicError } from '@kic/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadPreparation, savePreparation } from './preparation-file.ts'
import { describePreparation, parsePreparation, preparationJson } from './preparation-json.ts'
import { defaultPreparation } from './text-preparation.ts'

const json = preparationJson(defaultPreparation)

it('is unchanged after saving and loading', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kic-preparation-'))
  const chosen = { ...defaultPreparation, normalization: 'nfkc', invisible: 'keep' } as const
  expect(await loadPreparation(folder)).toBeUndefined()
  await savePreparation(folder, chosen)
  expect(await loadPreparation(folder)).toEqual(chosen)
  // The file is a format: models that were saved keep it.
  expect(JSON.parse(await readFile(join(folder, 'preparation.json'), 'utf8'))).toEqual({
    name: 'kic-text',
    version: 1,
    normalization: 'nfkc',
    invisible: 'keep',
    spacing: 'single',
  })
  await writeFile(join(folder, 'preparation.json'), '{')
  await expect(loadPreparation(folder)).rejects.toMatchObject({ code: 'data/preparation' })
  await rm(folder, { recursive: true })
})

it.each([
  [null, 'it must be an object, received null'],
  [[json], 'it must be an object, received an object'],
  [{ ...json, name: 'other' }, 'name must be "kic-text", received "other"'],
  [{ ...json, version: 2 }, 'version must be 1, received 2'],
  [{ ...json, version: '1' }, 'version must be 1, received "1"'],
  [
    { ...json, normalization: 'NFC' },
    'normalization must be one of none, nfc, nfc-width, nfkc, received "NFC"',
  ],
  [{ ...json, spacing: undefined }, 'spacing must be one of single, received nothing'],
  [{ ...json, invisible: 'hide' }, 'invisible must be one of drop, keep, received "hide"'],
  [{ ...json, punctuation: 'drop' }, 'all settings must be known, received "punctuation"'],
  [JSON.parse(`{"__proto__":${JSON.stringify(json)}}`), 'name must be "kic-text", received nothing'],
])('refuses %j', (given, rule) => {
  expect(() => parsePreparation(given)).toThrowError(
    expect.objectContaining({ code: 'data/preparation', message: expect.stringContaining(rule) }),
  )
})

it('accepts only its own files', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ name: fc.constant('kic-text') })), (given) => {
      try {
        parsePreparation(given)
      } catch (error) {
        if (isKicError(error) && error.message.length < 400) return
        throw error
      }
      throw new Error('taken')
    }),
  )
})

it('has a description in words', () => {
  expect(describePreparation(defaultPreparation)).toBe(
    'kic-text 1, NFC, without invisible characters, single-spaced',
  )
})
