import { initializeFrom } from '@kic/nn'
import { meanHead, type SequenceClassifier, sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained } from '@kic/roberta/node'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { loadTokenizer } from '@kic/tokenizer/node'
import { withClasses } from './fresh-config.ts'
import { savedClassifier } from './saved-classifier.ts'
import { modelFolder, type StartingEncoderOptions, startingEncoder } from './starting-encoder.ts'

export interface StartingPointOptions extends StartingEncoderOptions {
  /** Names of the classes that the rows have. */
  readonly classes: readonly string[]
  /** `standard`, `mean`, or the x of an installed `@kic/heads-x`; default: that of a classifier gone on with, or `mean`. */
  readonly head?: string | undefined
  /** Gives a saved classifier a fresh head, too. Default: it keeps its own where that has all classes. */
  readonly freshHead?: boolean | undefined
  /** Of fresh parameters. */
  readonly seed: number
}

/** What a training begins with. */
export interface StartingPoint {
  readonly tokenizer: Tokenizer
  readonly model: SequenceClassifier
  /** Every parameter of the model. */
  readonly initial: HostTensors
  /** What was there before. */
  readonly known: 'nothing' | 'encoder' | 'classifier'
}

/**
 * A classifier before its training: from scratch, on the encoder of a saved model, or a saved classifier as it is. A saved
 * classifier keeps its head, and the order of its classes, where it has every class that is asked for and another head is not.
 *
 * @throws KicError as `startingEncoder` and `loadHead`
 */
export const startingPoint = async (options: StartingPointOptions): Promise<StartingPoint> => {
  const { from, classes, head, freshHead = false, seed } = options
  const folder = from === undefined ? undefined : await modelFolder(from)
  const saved = folder === undefined ? undefined : await savedClassifier(folder)
  if (folder !== undefined && saved !== undefined && !freshHead && (head ?? saved.head) === saved.head) {
    const known = new Set(saved.classes)
    if (classes.every((name) => known.has(name))) return savedPoint(folder, saved.head)
  }
  const { tokenizer, config, encoder } = await startingEncoder({ ...options, from: folder })
  const model = sequenceClassifier(withClasses(config, classes), await loadHead(head ?? meanHead.name))
  const { params } = initializeFrom(model.parameters, encoder, seed)
  return { tokenizer, model, initial: params, known: folder === undefined ? 'nothing' : 'encoder' }
}

const savedPoint = async (folder: string, name: string): Promise<StartingPoint> => {
  const head = await loadHead(name)
  const { config, params } = await loadPretrained(folder, { head })
  const tokenizer = await loadTokenizer(folder)
  return { tokenizer, model: sequenceClassifier(config, head), initial: params, known: 'classifier' }
}
