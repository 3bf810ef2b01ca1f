import { KicError } from '@kic/core'
import type { NgramModel } from '@kic/ngram'
import type { Answering } from '../answers/answering.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import { inFile } from '../model/in-file.ts'
import type { ModelFiles } from '../model/model-files.ts'
import { similarText } from './similar-text.ts'

/** The file of coded texts that a folder keeps as examples: a nearest-neighbour model. */
export const EXAMPLES_FILE = 'examples.safetensors'

/** The answering with the examples of its folder, which the first explanation reads. */
export const withFolderExamples = (answering: Answering, files: ModelFiles): Answering => {
  let reading: Promise<NgramModel['neighbours']> | undefined
  return {
    ...answering,
    examples: async (text, count) => {
      reading ??= readExamples(files)
      const neighbours = await reading
      return neighbours?.(text, count).map(similarText) ?? answering.examples?.(text, count)
    },
  }
}

/** @throws KicError `predictor/examples`, `ngram/file`, `safetensors/…` */
const readExamples = async (files: ModelFiles): Promise<NgramModel['neighbours']> => {
  const bytes = await files.read(EXAMPLES_FILE)
  if (bytes === undefined) return undefined
  const { readNgramModel } = await import('@kic/ngram')
  const { neighbours, settings } = inFile(
    { caller: 'explain', path: EXAMPLES_FILE, folder: files.name },
    () => readNgramModel(bytes),
  )
  if (neighbours !== undefined) return neighbours
  throw new KicError<PredictorErrorCode>(
    'predictor/examples',
    `explain: ${EXAMPLES_FILE} in ${files.name} must be a model of kind nearest, received ${settings.model}. Write it with saveExamples.`,
  )
}
