import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRobertaConfig, standardHead } from '@kic/roberta'

/** Head and classes of a saved classifier. */
export interface SavedClassifier {
  readonly head: string
  /** In the order of their numbers. */
  readonly classes: readonly string[]
}

/**
 * Head and classes of the classifier in a folder; `undefined` where it holds an encoder alone, or a model of another task.
 * What is wrong with a folder is said by `loadPretrained`.
 */
export const savedClassifier = async (folder: string): Promise<SavedClassifier | undefined> => {
  try {
    const config = parseRobertaConfig(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
    const isStandard = config.architectures?.includes('RobertaForSequenceClassification') === true
    const head = config.kic?.head ?? (isStandard ? standardHead.name : undefined)
    return head === undefined ? undefined : { head, classes: classNames(config.id2label) }
  } catch {
    return undefined
  }
}

/** Names of classes by their numbers. */
export const classNames = (id2label: Readonly<Record<string, string>>): readonly string[] =>
  Array.from({ length: Object.keys(id2label).length }, (_, id) => id2label[id] ?? '')
