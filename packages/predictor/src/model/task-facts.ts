import {
  defaultPreparation,
  describePreparation,
  PREPARATION_FILE,
  parsePreparation,
  type TextPreparation,
} from '@kic/data/prepare'
import { type AssumedNotes, assumedNotes } from './assumed-notes.ts'
import { type ClassTree, classTree } from './class-tree.ts'
import type { ModelClasses } from './model-classes.ts'
import { type ModelFiles, readJson } from './model-files.ts'
import { type ModelNotes, NOTES_FILE, parseNotes } from './model-notes.ts'

/** What a folder says about its classes and texts, whatever the kind of its model. */
export interface TaskFacts {
  readonly tree: ClassTree
  readonly notes: ModelNotes
  /** The preparation of texts before the model reads them. */
  readonly preparation: TextPreparation
  /** Assumptions about missing information, in sentences. */
  readonly warnings: readonly string[]
}

/**
 * Reads `kic.json` and `preparation.json` of a model's folder.
 *
 * @throws KicError `predictor/labels`, `predictor/notes`, `predictor/bad-json`, `data/preparation`
 */
export const readTaskFacts = async (
  files: ModelFiles,
  { names, place, classification }: ModelClasses,
  known: readonly ModelNotes[],
): Promise<TaskFacts> => {
  const [notesJson, preparationJson] = await Promise.all([
    readJson(files, NOTES_FILE),
    readJson(files, PREPARATION_FILE),
  ])
  const { notes, warning }: AssumedNotes =
    notesJson === undefined
      ? assumedNotes(files.name, { names, place, classification }, known)
      : { notes: parseNotes(notesJson) }
  const preparation = preparationJson === undefined ? undefined : parsePreparation(preparationJson)
  return {
    notes,
    tree: classTree(notes.classification, names, place),
    preparation: preparation ?? defaultPreparation,
    warnings: [
      ...(warning === undefined ? [] : [warning]),
      ...(preparation === undefined ? [unsaidPreparation(files.name)] : []),
    ],
  }
}

const unsaidPreparation = (folder: string): string =>
  `${folder} has no ${PREPARATION_FILE} with the preparation of its training texts; texts are prepared by ` +
  `default: ${describePreparation(defaultPreparation)}.`
