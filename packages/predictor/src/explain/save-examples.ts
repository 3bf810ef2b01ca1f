import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import { readEnsembleFolder } from '../ensemble/ensemble-folder.ts'
import type { PredictorErrorCode } from '../error-code.ts'
import type { FolderOptions } from '../model/folder-options.ts'
import { readModelFolder } from '../model/model-folder.ts'
import { filesIn } from '../model/node-files.ts'
import type { TaskFacts } from '../model/task-facts.ts'
import { checkText } from '../model/usable-text.ts'
import { EXAMPLES_FILE } from './folder-examples.ts'

/** A text that explanations may show, and its code at the finest level of the model. */
export interface CodedExample {
  readonly text: string
  readonly code: string
}

/**
 * Keeps coded texts in the folder of a model or an ensemble, so that its explanations show the nearest ones. Whoever has the
 * folder can read these texts, so nothing else writes them; the model card says that they are there.
 *
 * @returns how many texts are kept: unusable ones are left out
 * @throws KicError `predictor/examples` for codes that the model does not predict, or without a usable text,
 * `core/write-failed`, and as `readModelFolder`
 */
export const saveExamples = async (
  folder: string,
  rows: readonly CodedExample[],
  options: FolderOptions = {},
): Promise<number> => {
  const { codes, preparation, notes } = await examplesTask(folder, options)
  const usable = rows.flatMap(({ text: given, code }) => {
    const { text, reason } = checkText(given, notes, preparation)
    return reason === undefined ? [{ text, label: code }] : []
  })
  const known = new Set(codes)
  const stray = usable.find(({ label }) => !known.has(label))
  if (usable.length === 0 || stray !== undefined) {
    throw new KicError<PredictorErrorCode>(
      'predictor/examples',
      `saveExamples: examples must be usable texts with codes of the model, received ${stray === undefined ? `none among ${rows.length}` : `the code ${JSON.stringify(stray.label)}`}. Give others.`,
    )
  }
  const { trainNgramModel } = await import('@kic/ngram')
  const { saveNgramModel } = await import('@kic/ngram/node')
  const model = trainNgramModel(usable, { model: 'nearest', labels: codes })
  await saveNgramModel(join(folder, EXAMPLES_FILE), model)
  const card = join(folder, 'README.md')
  const before = await readFile(card, 'utf8').catch(() => '')
  await writeFileAtomic(card, withSection(before, usable.length))
  return usable.length
}

const examplesTask = async (
  folder: string,
  options: FolderOptions,
): Promise<Pick<TaskFacts, 'notes' | 'preparation'> & { readonly codes: readonly string[] }> => {
  const ensemble = await readEnsembleFolder(folder, options)
  if (ensemble === undefined) {
    const { tree, notes, preparation } = await readModelFolder(filesIn(folder), options)
    return { codes: tree.codes, notes, preparation }
  }
  const [first] = ensemble.models
  if (first === undefined) throw new Error('an ensemble has a member')
  const codes = ensemble.ensemble.levels.at(-1)?.labels ?? []
  return { codes, notes: ensemble.notes, preparation: first.preparation }
}

/** The section about kept texts in a card. */
const SECTION = /\n*^## Kept texts\n\n`examples\.safetensors` keeps .*\n/m

/** A card that says which texts the folder keeps. */
const withSection = (card: string, texts: number): string => {
  const section =
    `## Kept texts\n\n\`${EXAMPLES_FILE}\` keeps ${texts.toLocaleString('en')} coded texts, of which explanations show the ` +
    'nearest ones. Whoever has this folder can read them.\n'
  const rest = card.replace(SECTION, '\n').trimEnd()
  return rest === '' ? section : `${rest}\n\n${section}`
}
