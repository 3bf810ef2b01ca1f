import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nodeOf } from '@kic/classification'
import { KicError } from '@kic/core'
import { writeFileAtomic, writeFolderAtomic } from '@kic/core/node'
import { savePreparation } from '@kic/data/node'
import type { PredictorErrorCode } from '../error-code.ts'
import { checkPackedFolder } from '../model/check-model-folder.ts'
import type { FolderOptions } from '../model/folder-options.ts'
import { type CardFacts, cardOf } from '../model/model-card.ts'
import { readModelFolder } from '../model/model-folder.ts'
import { filesIn } from '../model/node-files.ts'
import { saveNotes } from '../model/save-notes.ts'
import type { Precision } from '../model/weights.ts'
import { memberFiles } from '../pack/member-files.ts'
import { PAIRS_FOLDER, parseRerank, RERANK_FILE, RETRIEVER_FOLDER, rerankJson } from './rerank-file.ts'

export interface PackRerankerOptions extends FolderOptions {
  /** Folder of the model that finds the candidates. */
  readonly retriever: string
  /** Folder of the pair model, as `saveClassifier` of `@kic/classifier` writes it. */
  readonly pairs: string
  /** The number of best classes that the pair model reorders; default 5. */
  readonly candidates?: number | undefined
  /** Weight of a pair's log-probability beside the retriever's. Choose it on validation rows. Default 1. */
  readonly weight?: number | undefined
  /** Name of each class, as in the pair model's training; default: those of the retriever's classification. */
  readonly names?: readonly string[] | undefined
  /** Precision of the networks' weights; default: the fastest in each folder. */
  readonly precision?: Precision | undefined
  readonly card?: CardFacts | undefined
}

/**
 * Packs a model and a pair model that reorders its best classes into one folder, which is a model: `loadPredictor` takes it
 * like any other, and so do ensembles. It is not calibrated. Readers see the complete old folder or the complete new one.
 *
 * @throws KicError `predictor/folder` for an output with something else, `predictor/rerank` for settings or models that do not
 * fit, `predictor/no-weights`, `core/write-failed`, and as `readModelFolder`
 */
export const packReranker = async (
  folder: string,
  { retriever, pairs, candidates = 5, weight = 1, precision, card = {}, ...options }: PackRerankerOptions,
): Promise<void> => {
  await checkPackedFolder('packReranker', folder, 'reranked', [retriever, pairs])
  const [model, pairModel] = await Promise.all([
    readModelFolder(filesIn(retriever), options),
    readModelFolder(filesIn(pairs)),
  ])
  if (model.kind === 'reranked') {
    throw new KicError<PredictorErrorCode>(
      'predictor/rerank',
      `packReranker: retriever must be a network or an n-gram model, received the re-ranked model ${retriever}. Pack its own retriever.`,
    )
  }
  const { tree, notes, preparation } = model
  const level = tree.levels.at(-1) ?? ''
  const { names = tree.codes.map((code) => nodeOf(notes.classification, level, code)?.name ?? code) } =
    options
  if (pairModel.kind !== 'network' || pairModel.tree.codes.join() !== 'mismatch,match') {
    throw new KicError<PredictorErrorCode>(
      'predictor/rerank',
      `packReranker: pairs must be the folder of a pair model, received ${pairs} with the classes ${pairModel.tree.codes.slice(0, 5).join(', ')}. Train it with @kic/negative-sampling and write it with saveClassifier of @kic/classifier.`,
    )
  }
  const settings = parseRerank(folder, rerankJson({ candidates, weight, names }), tree.codes.length)
  const files = [
    ...(await memberFiles(retriever, RETRIEVER_FOLDER, model, precision)),
    ...(await memberFiles(pairs, PAIRS_FOLDER, pairModel, precision)),
  ]
  await writeFolderAtomic(
    folder,
    async (at) => {
      for (const { from, path } of files) {
        await mkdir(dirname(join(at, path)), { recursive: true })
        await copyFile(from, join(at, path))
      }
      await writeFileAtomic(join(at, RERANK_FILE), `${JSON.stringify(rerankJson(settings), null, 2)}\n`)
      const { classification, script, letterless } = notes
      await saveNotes(at, { classification, script, letterless })
      await savePreparation(at, preparation)
      const body =
        `A ${model.kind} model on ${tree.codes.length} classes, whose ${candidates} best ones a pair model reorders by the ` +
        `names of the classes (weight ${weight}).`
      await writeFileAtomic(join(at, 'README.md'), cardOf('Re-ranked model', body, card))
    },
    (name) => [RETRIEVER_FOLDER, PAIRS_FOLDER].includes(name),
  )
}
