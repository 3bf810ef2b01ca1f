import { readSafetensors } from '@kic/safetensors'
import { codedTextsOf } from '../neighbours/row-tensors.ts'
import { ngramError } from '../ngram-error.ts'
import type { NgramModel } from './ngram-model.ts'
import { ngramModelOf } from './ngram-model-of.ts'
import { type NgramSettings, parseSettings } from './ngram-settings.ts'

type Metadata = Readonly<Record<string, string>>

const FORMAT = 'kic-ngram'
const VERSION = '3'

/** What a file of a model tells beside its tensors. */
export const metadataOf = (settings: NgramSettings): Metadata => ({
  format: FORMAT,
  version: VERSION,
  settings: JSON.stringify(settings),
})

/**
 * The settings of a model's file.
 *
 * @throws KicError `ngram/file`
 */
export const settingsOfFile = ({ format, version, settings }: Metadata): NgramSettings => {
  if (format === FORMAT && version === VERSION) return parseSettings(settings)
  throw ngramError(
    'ngram/file',
    `readNgramModel: the file must be of format ${FORMAT}, version ${VERSION}, received ${format}, version ${version}. Give a file that saveNgramModel wrote.`,
  )
}

/**
 * A model from the bytes of its file.
 *
 * @throws KicError `ngram/file`, and as `readSafetensors`
 */
export const readNgramModel = (bytes: Uint8Array): NgramModel => {
  const { tensors, metadata } = readSafetensors(bytes)
  return ngramModelOf(settingsOfFile(metadata), tensors)
}

/**
 * The settings of a model's file, whose tensors are not read.
 *
 * @throws KicError `ngram/file`, and as `readSafetensors`
 */
export const readNgramSettings = (bytes: Uint8Array): NgramSettings =>
  settingsOfFile(readSafetensors(bytes, { only: () => false }).metadata)

/**
 * The training texts that a model's file keeps: those of a model of kind `nearest`; `undefined` for others. Nothing is indexed.
 *
 * @throws KicError `ngram/file`, and as `readSafetensors`
 */
export const readNgramTexts = (bytes: Uint8Array): readonly string[] | undefined => {
  const { model, labels } = readNgramSettings(bytes)
  if (model !== 'nearest') return undefined
  const { tensors } = readSafetensors(bytes, { only: (name) => name.startsWith('rows.') })
  return codedTextsOf(tensors, labels.length).texts
}
