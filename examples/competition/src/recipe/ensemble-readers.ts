import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Classification } from '@kic/classification'
import { saveTextFiles } from '@kic/classifier'
import { writeFileAtomic } from '@kic/core/node'
import type { Row } from '@kic/data'
import type { Ensemble } from '@kic/ensemble'
import { filesIn, type ModelFolder, readModelFolder, saveNotes, textLimits } from '@kic/predictor/node'
import type { JudgedRow } from '@kic/scores'
import { notesOfTask } from '../notes-of-task.ts'
import { loadMember, type MemberModel } from './member-model.ts'
import type { Recipe } from './recipe.ts'
import { textsOf } from './texts-of.ts'

/** Writes what reading texts for a network takes, also for a fused one, which no class of transformers is. */
export const saveReader = async (
  folder: string,
  { model, tokenizer }: Pick<MemberModel, 'model' | 'tokenizer'>,
  classification: Classification,
): Promise<void> => {
  await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(model.config, null, 2)}\n`)
  await saveTextFiles(folder, tokenizer)
  await saveNotes(folder, notesOfTask(classification))
}

export interface EnsembleMembers {
  readonly recipe: Recipe
  readonly classification: Classification
  readonly ensemble: Ensemble
  /** The folder of a member's stage. */
  readonly folderOf: (name: string) => string
}

/**
 * The members of an ensemble as far as reading texts goes, without their weights.
 *
 * @param parent folder for temporary files
 */
export const ensembleReaders = async (
  parent: string,
  { recipe, classification, ensemble, folderOf }: EnsembleMembers,
): Promise<readonly ModelFolder[]> => {
  const temporary = await mkdtemp(join(parent, '.kic-readers-'))
  try {
    const readers: ModelFolder[] = []
    for (const { name } of ensemble.members) {
      const network = recipe.members.find((one) => one.name === name)
      const stage = folderOf(name)
      const folder = network === undefined ? stage : join(temporary, name)
      if (network !== undefined) await saveReader(folder, await loadMember(network, stage), classification)
      readers.push(await readModelFolder(filesIn(folder)))
    }
    return readers
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Judged rows, of which those that some member cannot use are not coded: the packed model refuses them. */
export const withoutRefused = async (
  readers: readonly ModelFolder[],
  rows: readonly Row[],
  judged: readonly JudgedRow[],
): Promise<readonly JudgedRow[]> => {
  const limits = await textLimits(readers, textsOf(rows))
  return judged.map((row, i) => (limits[i]?.reason === undefined ? row : notCoded(row)))
}

/** A text that the model cannot use has no code. */
const notCoded = ({ correct }: JudgedRow): JudgedRow => ({
  confidence: undefined,
  correct: Object.fromEntries(
    Object.entries(correct).map(([level, right]) => [level, right === undefined ? undefined : false]),
  ),
})
