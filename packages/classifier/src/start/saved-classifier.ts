import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRobertaConfig, type RobertaConfig, standardHead } from '@kic/roberta'
import { classNames } from './class-names.ts'

/** Head and classes of a saved classifier. */
export interface SavedClassifier {
  readonly head: string
  /** In class order. */
  readonly classes: readonly string[]
}

/** The config of a saved model; `undefined` if it cannot be read, which `loadPretrained` explains. */
export const savedConfig = async (folder: string): Promise<RobertaConfig | undefined> => {
  try {
    return parseRobertaConfig(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
  } catch {
    return undefined
  }
}

/** Head and classes of the classifier in a folder; `undefined` for an encoder alone, or a model of another task. */
export const savedClassifier = async (folder: string): Promise<SavedClassifier | undefined> => {
  const config = await savedConfig(folder)
  if (config === undefined) return undefined
  const isStandard = config.architectures?.includes('RobertaForSequenceClassification') === true
  const head = config.kic?.head ?? (isStandard ? standardHead.name : undefined)
  return head === undefined ? undefined : { head, classes: classNames(config.id2label) }
}
