import type { BudgetName, Ensemble } from '@kic/ensemble'
import type { Answering } from '../answers/answering.ts'
import type { ModelNotes } from '../model/model-notes.ts'
import { openModel } from '../model/open-model.ts'
import type { OpenModelOptions } from '../model/open-options.ts'
import type { OpenedModel } from '../model/opened-model.ts'
import type { Source } from '../model/source.ts'
import { createTokenizerCache } from '../model/tokenizer-cache.ts'
import type { OnnxRuntime } from '../run/onnx-runtime.ts'
import { createSharedTokens } from '../run/shared-tokens.ts'
import { calibratedBudget } from './calibrated-budget.ts'
import { ensembleAnswering } from './ensemble-answering.ts'
import { ensembleMembers } from './ensemble-members.ts'
import { ownNotes } from './ensemble-notes.ts'
import { createVoter, type Voter } from './voter.ts'

export interface LoadEnsembleOptions extends OpenModelOptions {
  readonly batchSize?: number | undefined
  readonly budget?: BudgetName | undefined
}

/**
 * Loads the models of an ensemble, or those of a budget.
 *
 * @throws KicError `predictor/ensemble-model`, `predictor/ensemble-classes`, `ensemble/budget`, and as `openModel`
 */
export const loadEnsemble = async (
  source: Source,
  whole: Ensemble,
  runtime: () => Promise<OnnxRuntime>,
  { batchSize, budget, ...options }: LoadEnsembleOptions,
): Promise<Answering> => {
  const { files, ensemble: file } = source
  const { ensembleWithin, vote } = await import('@kic/ensemble')
  const ensemble = budget === undefined ? whole : ensembleWithin(whole, budget)
  const opened: OpenedModel[] = []
  const voters: Voter[] = []
  // Members with equal tokenizers share one, and the token rows of each window.
  const tokenizers = createTokenizerCache()
  const tokens = createSharedTokens()
  const own = await ownNotes(source)
  // Without notes of its own, an ensemble has only codes; their names are in the folders of its finest models.
  let notes: Pick<ModelNotes, 'classification'> | undefined = own
  const calibrated = calibratedBudget(whole, budget)
  try {
    for (const member of ensembleMembers(ensemble, files)) {
      const model = await openModel(member.files, runtime, { ...options, tokenizers })
      opened.push(model)
      voters.push(createVoter(model, member.labels, { batchSize, tokens }))
      if (member.finest) notes ??= model.notes
    }
    if (notes === undefined) throw new Error('an ensemble has a member of its finest level')
    const facts = {
      name: file === undefined ? files.name : `${files.name.replace(/\/$/, '')}/${file}`,
      ensemble,
      classification: notes.classification,
      calibration: calibrated === undefined ? own?.calibration : own?.budgets?.[calibrated],
      budget,
    }
    return ensembleAnswering(facts, voters, vote)
  } catch (error) {
    await Promise.all(opened.map((model) => model.release()))
    throw error
  }
}
