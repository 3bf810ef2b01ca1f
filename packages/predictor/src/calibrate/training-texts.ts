import { join } from 'node:path'
import { hash32, KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { textKey } from '@kic/data'
import * as z from 'zod/mini'
import { ensembleMembers } from '../ensemble/ensemble-members.ts'
import { readEnsemble } from '../ensemble/read-ensemble.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import { type ModelFiles, readJson } from '../model/model-files.ts'
import { inNgramFile, NGRAM_FILE } from '../model/ngram-folder.ts'
import { sourceIn } from '../model/node-source.ts'
import { filesBelow } from '../model/source.ts'
import { RETRIEVER_FOLDER } from '../rerank/rerank-file.ts'

/** The file with hashes of the texts that a model was trained on. */
export const TRAINING_TEXTS_FILE = 'training-texts.json'

/** At most so many hashes are kept, the smallest ones: 256 KiB. */
const MOST_HASHES = 65_536

const schema = z.object({
  format: z.literal('kic-training-texts'),
  version: z.literal(1),
  /** Distinct texts. */
  texts: z.int().check(z.positive()),
  /** The smallest hashes of them in ascending order, each as four bytes, little-endian, in base64. */
  hashes: z.string(),
})

/** Hashes of training texts, and the largest one that would be among them. */
interface KnownHashes {
  readonly hashes: ReadonlySet<number>
  readonly largest: number
}

const ALL = 0xffff_ffff

const hashOf = (text: string): number => hash32(textKey(text)) >>> 0

/**
 * Writes 32-bit hashes of training texts into a model's folder, by which `seenInTraining` finds rows that the model has
 * learned. Whoever has the folder can test whether a guessed text is among them.
 *
 * @throws KicError `core/write-failed`
 */
export const saveTrainingTexts = async (folder: string, texts: readonly string[]): Promise<void> => {
  const distinct = Uint32Array.from(new Set(texts.map(hashOf))).sort()
  const kept = distinct.subarray(0, MOST_HASHES)
  const bytes = Buffer.alloc(4 * kept.length)
  for (const [i, hash] of kept.entries()) bytes.writeUInt32LE(hash, 4 * i)
  const json: z.input<typeof schema> = {
    format: 'kic-training-texts',
    version: 1,
    texts: distinct.length,
    hashes: bytes.toString('base64'),
  }
  await writeFileAtomic(join(folder, TRAINING_TEXTS_FILE), `${JSON.stringify(json)}\n`)
}

/** How many texts a model has seen in its training. */
export interface SeenTexts {
  /** The share of texts that were seen. */
  readonly share: number
  /** The number of texts that it was measured on. */
  readonly judged: number
}

/**
 * The share of texts that were in the training of a model, or of a member of an ensemble, whichever is larger. Training texts
 * are known from the hashes of a folder, or from the texts that a nearest-neighbour model keeps. Of long trainings with hashes,
 * only texts with small ones are judged. Undefined if the folder has neither, or none of the texts is judged.
 *
 * @throws KicError `predictor/training-texts` for a damaged file, and as `loadPredictor` for an ensemble's file and an n-gram
 * model's
 */
export const seenInTraining = async (
  folder: string,
  texts: readonly string[],
): Promise<SeenTexts | undefined> => {
  const source = await sourceIn(folder)
  const ensemble = await readEnsemble(source)
  const models =
    ensemble === undefined
      ? [source.files]
      : ensembleMembers(ensemble, source.files).map(({ files }) => files)
  const hashes = texts.map(hashOf)
  const found: SeenTexts[] = []
  for (const model of models) {
    for (const files of [model, filesBelow(model, RETRIEVER_FOLDER)]) {
      const known = (await trainingHashes(files)) ?? (await keptTexts(files))
      if (known === undefined) continue
      const judged = hashes.filter((hash) => hash <= known.largest)
      const seen = judged.filter((hash) => known.hashes.has(hash)).length
      if (judged.length > 0) found.push({ share: seen / judged.length, judged: judged.length })
    }
  }
  return found.toSorted((a, b) => b.share - a.share)[0]
}

/** Those in a folder. */
const trainingHashes = async (files: ModelFiles): Promise<KnownHashes | undefined> => {
  const json = await readJson(files, TRAINING_TEXTS_FILE)
  if (json === undefined) return undefined
  const parsed = schema.safeParse(json)
  const bytes = Buffer.from(parsed.success ? parsed.data.hashes : '', 'base64')
  if (!parsed.success || bytes.length === 0 || bytes.length % 4 !== 0) {
    throw new KicError<PredictorErrorCode>(
      'predictor/training-texts',
      `seenInTraining: ${TRAINING_TEXTS_FILE} in ${files.name} must have hashes of 4 bytes, received another content. ` +
        'Copy the file from the original model, or delete it.',
    )
  }
  const hashes = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i))
  const all = hashes.length === parsed.data.texts
  return { hashes: new Set(hashes), largest: all ? ALL : (hashes.at(-1) ?? 0) }
}

/** Those of the texts that a nearest-neighbour model keeps. */
const keptTexts = async (files: ModelFiles): Promise<KnownHashes | undefined> => {
  const bytes = await files.read(NGRAM_FILE)
  if (bytes === undefined) return undefined
  const { readNgramTexts } = await import('@kic/ngram')
  const texts = inNgramFile(files.name, () => readNgramTexts(bytes))
  return texts && { hashes: new Set(texts.map(hashOf)), largest: ALL }
}
