import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Classification } from '@kic/classification'
import { defaultPreparation } from '@kic/data/prepare'
import type { Calibration } from '@kic/predictor'
import type { EnsembleFolder, ModelFolder, NetworkFolder, NgramFolder } from '@kic/predictor/node'
import { expectationAt } from '@kic/scores'
import { knownNotes } from '../default-classification.ts'
import { guaranteeSummary } from '../guarantees-in-words.ts'
import type { CalibrationInspection, Inspection } from './inspection.ts'
import { listFiles } from './list-files.ts'

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95]

/**
 * Reads what a model's folder has, without its weights.
 *
 * @throws KicError `cli/no-folder`, and as `readModelFolder`
 */
export const inspectFolder = async (folder: string): Promise<Inspection> => {
  const { filesIn, readEnsembleFolder, readModelFolder } = await import('@kic/predictor/node')
  const files = await listFiles(folder)
  const options = { known: knownNotes }
  const ensemble = await readEnsembleFolder(folder, options)
  if (ensemble !== undefined) return { folder, files, ...inspectEnsemble(ensemble) }
  const found = await readModelFolder(filesIn(folder), options)
  const { kind, tree, notes, preparation, warnings } = found
  return {
    folder,
    kind,
    ...(await inspectModel(found)),
    classification: notes.classification.name,
    levels: tree.levels,
    classes: tree.codes.length,
    labels: ownLabels(notes.classification),
    script: notes.script?.name ?? null,
    letterless: notes.letterless === true,
    preparation,
    warnings,
    files,
    calibration: inspectCalibration(notes.calibration, tree.levels),
  }
}

const inspectEnsemble = ({
  ensemble: { scheme, levels, members, budgets },
  notes,
  models,
}: EnsembleFolder): Omit<Inspection, 'folder' | 'files'> => ({
  kind: 'ensemble',
  classification: notes.classification.name,
  levels: levels.map(({ name }) => name),
  classes: levels.at(-1)?.labels.length ?? 0,
  labels: ownLabels(notes.classification),
  script: notes.script?.name ?? null,
  letterless: notes.letterless === true,
  preparation: models[0]?.preparation ?? defaultPreparation,
  scheme,
  members: members.map(({ name, level, weight, temperature }, i) => ({
    name,
    kind: models[i]?.kind ?? 'network',
    level,
    weight,
    temperature,
  })),
  budgets,
  warnings: models.flatMap(({ warnings }) => warnings),
  calibration: inspectCalibration(
    notes.calibration,
    levels.map(({ name }) => name),
  ),
})

const inspectCalibration = (
  calibration: Calibration | undefined,
  levels: readonly string[],
): CalibrationInspection | undefined =>
  calibration === undefined
    ? undefined
    : {
        temperature: calibration.temperature,
        on: calibration.on,
        rows: calibration.curve.rows,
        expectations: THRESHOLDS.map((threshold) => expectationAt(calibration.curve, threshold)),
        guarantees: guaranteeSummary(calibration, levels),
      }

const inspectModel = (found: ModelFolder) => {
  switch (found.kind) {
    case 'network':
      return inspectNetwork(found)
    case 'ngram':
      return inspectNgram(found)
    case 'reranked': {
      const { candidates, weight } = found.settings
      return { config: { retriever: found.retriever.kind, candidates, weight } }
    }
  }
}

const inspectNetwork = async ({ name, tokenizer, maxTokens }: NetworkFolder) => {
  const {
    id2label: _,
    label2id: __,
    ...config
  }: Record<string, unknown> = JSON.parse(await readFile(join(name, 'config.json'), 'utf8'))
  return { vocabulary: tokenizer.vocabSize, maxTokens, config }
}

const inspectNgram = ({ settings: { labels: _, ...config } }: NgramFolder) => ({ config })

const ownLabels = ({ levels }: Classification): readonly string[] | undefined => {
  const [only, ...others] = levels
  if (only === undefined || others.length > 0 || only.nodes.some(({ code, name }) => code !== name))
    return undefined
  return only.nodes.map(({ code }) => code)
}
