import { codesOf, levelNames, numberedLevels, restrictClassification } from '@kic/classification'
import { KicError } from '@kic/core'
import type { EnsembleInput } from '@kic/ensemble'
import type { PredictorErrorCode } from '../error-code.ts'
import type { ModelFolder } from '../model/model-folder.ts'
import type { PackedMember } from './pack-options.ts'

/** A model's folder and its part in an ensemble. */
export interface DescribedMember {
  readonly member: PackedMember
  readonly model: ModelFolder
}

/** The member with the most levels, whose classes are those of the ensemble. */
export const finestMember = (members: readonly DescribedMember[]): DescribedMember => {
  const [finest] = members.toSorted((a, b) => b.model.tree.levels.length - a.model.tree.levels.length)
  if (finest !== undefined) return finest
  throw new KicError<PredictorErrorCode>(
    'predictor/ensemble-model',
    'packEnsemble: an ensemble needs at least one model, received none. Pass the folders of models.',
  )
}

/**
 * Levels and members of an ensemble of saved models. Its classes are those of the models at the finest level, and their
 * ancestors. A member's temperature is that of its own calibration, unless another one is given.
 *
 * @throws KicError `predictor/ensemble-classes` if models of a level have different classes, or no classification in common
 */
export const describeEnsemble = (
  members: readonly DescribedMember[],
): Pick<EnsembleInput, 'levels' | 'members'> => {
  const { notes, tree } = finestMember(members).model
  const classification = restrictClassification(notes.classification, tree.codes)
  const known = levelNames(classification)
  return {
    levels: numberedLevels(classification),
    members: members.map(({ member: { name, weight, temperature }, model }) => {
      const level = model.tree.levels.at(-1) ?? ''
      if (!known.includes(level)) {
        throw new KicError<PredictorErrorCode>(
          'predictor/ensemble-classes',
          `packEnsemble: all models must have levels of one classification, received ${model.name} with the level ${level} ` +
            `and another model with ${known.join(', ')}. Choose models of one task.`,
        )
      }
      const codes = codesOf(classification, level)
      if (
        codes.length !== model.tree.codes.length ||
        model.tree.codes.some((code) => !codes.includes(code))
      ) {
        throw new KicError<PredictorErrorCode>(
          'predictor/ensemble-classes',
          `packEnsemble: all models must have the same classes, received ${model.name} with ${model.tree.codes.length} classes at the ` +
            `level ${level}, where the finest model has ${codes.length}. Choose models trained on the same classes.`,
        )
      }
      return {
        name,
        level,
        weight: weight ?? 1,
        temperature: temperature ?? model.notes.calibration?.temperature ?? 1,
        model: `members/${name}`,
      }
    }),
  }
}
