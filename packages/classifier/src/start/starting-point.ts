import { sequenceClassifier } from '@kic/roberta'
import { loadHead, loadPretrained } from '@kic/roberta/node'
import { loadTokenizer } from '@kic/tokenizer/node'
import { onEncoder, type StartingPoint, usualHead } from './fresh-classifier.ts'
import { type SavedClassifier, savedClassifier } from './saved-classifier.ts'
import { type StartingEncoderOptions, startingEncoder } from './starting-encoder.ts'

export type StartingPointOptions = StartingEncoderOptions & {
  /** Names of the classes of the rows. */
  readonly classes: readonly string[]
  /**
   * `standard`, `mean`, `ngram`, or the x of an installed `@kic/heads-x`; default: the saved classifier's, or `ngram` for an
   * encoder with n-grams, or `mean`.
   */
  readonly head?: string | undefined
  /** Replaces a saved classifier's head by a fresh one. Default: it is kept if it has all classes. */
  readonly freshHead?: boolean | undefined
  /** Seed of fresh parameters. */
  readonly seed: number
}

/**
 * A classifier before its training: from scratch, on the encoder of a saved model, or a whole saved classifier. A saved
 * classifier keeps its head and the order of its classes if it has every class of the rows and no other head is requested.
 *
 * @throws KicError as `startingEncoder` and `loadHead`
 */
export const startingPoint = async (options: StartingPointOptions): Promise<StartingPoint> => {
  const { from, classes, head, seed } = options
  const kept = await keptClassifier(options)
  if (from !== undefined && kept !== undefined) return wholeClassifier(from, kept.head)
  const encoder = await startingEncoder(options)
  const chosen = head === undefined ? usualHead(encoder.config) : await loadHead(head)
  return {
    ...onEncoder(encoder, { head: chosen, classes, seed }),
    pretrained: from === undefined ? 'nothing' : 'encoder',
  }
}

/** The saved classifier that keeps its head and classes; `undefined` if training starts with others. */
export const keptClassifier = async ({
  from,
  classes,
  head,
  freshHead = false,
}: Pick<StartingPointOptions, 'from' | 'classes' | 'head' | 'freshHead'>): Promise<
  SavedClassifier | undefined
> => {
  const saved = from === undefined || freshHead ? undefined : await savedClassifier(from)
  if (saved === undefined || (head ?? saved.head) !== saved.head) return undefined
  const known = new Set(saved.classes)
  return classes.every((name) => known.has(name)) ? saved : undefined
}

const wholeClassifier = async (folder: string, name: string): Promise<StartingPoint> => {
  const head = await loadHead(name)
  const { config, params } = await loadPretrained(folder, { head })
  const tokenizer = await loadTokenizer(folder)
  return { tokenizer, model: sequenceClassifier(config, head), initial: params, pretrained: 'classifier' }
}
