import type { Classification } from '@kic/classification'
import type { Ensemble } from '@kic/ensemble'
import type { Answering } from '../answers/answering.ts'
import { type OpenModelOptions, openModel } from '../model/open-model.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import type { Source } from '../model/source.ts'
import { createTokenizerCache } from '../model/tokenizer-cache.ts'
import type { OnnxRuntime } from '../run/onnx-runtime.ts'
import { createSharedTokens } from '../run/shared-tokens.ts'
import { ensembleAnswering } from './ensemble-answering.ts'
import { ensembleMembers } from './ensemble-members.ts'
import { createVoter, type Voter } from './voter.ts'

/**
 * Loads the models of an ensemble.
 *
 * @throws KicError `predictor/ensemble-model`, `predictor/ensemble-classes`, and as `openModel`
 */
export const loadEnsemble = async (
  { files, ensemble: file }: Source,
  ensemble: Ensemble,
  runtime: () => Promise<OnnxRuntime>,
  { batchSize, ...options }: OpenModelOptions & { readonly batchSize?: number | undefined },
): Promise<Answering> => {
  const { vote } = await import('@kic/ensemble')
  const opened: OpenedModel[] = []
  const voters: Voter[] = []
  // Members with equal tokenizers share one, and the token rows of each window.
  const tokenizers = createTokenizerCache()
  const tokens = createSharedTokens()
  // An ensemble's file has only codes; their names are in the folders of its finest models.
  let classification: Classification | undefined
  try {
    for (const member of ensembleMembers(ensemble, files)) {
      const model = await openModel(member.files, runtime, { ...options, tokenizers })
      opened.push(model)
      voters.push(createVoter(model, member.labels, { batchSize, tokens }))
      if (member.finest) classification ??= model.notes.classification
    }
    if (classification === undefined) throw new Error('an ensemble has a member of its finest level')
    const name = file === undefined ? files.name : `${files.name.replace(/\/$/, '')}/${file}`
    return ensembleAnswering({ name, ensemble, classification }, voters, vote)
  } catch (error) {
    await Promise.all(opened.map((model) => model.release()))
    throw error
  }
}
