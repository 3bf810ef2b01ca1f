import type { Head } from '@kic/nn'
import { initializeFrom } from '@kic/nn'
import {
  meanHead,
  ngramHead,
  type RobertaConfig,
  type SequenceClassifier,
  sequenceClassifier,
} from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import type { Tokenizer } from '@kic/tokenizer'
import { withClasses } from './fresh-config.ts'
import { type FreshSizes, freshEncoder, type StartingEncoder } from './fresh-encoder.ts'

/** What a classifier's training starts from. */
export interface StartingPoint {
  readonly tokenizer: Tokenizer
  readonly model: SequenceClassifier
  /** Every parameter of the model. */
  readonly initial: HostTensors
  /** What was trained before. */
  readonly pretrained: 'nothing' | 'encoder' | 'classifier'
}

/** The head of a classifier that asks for none: the n-grams' for an encoder that reads them, else the mean. */
export const usualHead = ({ ngram_sizes }: RobertaConfig): Head =>
  ngram_sizes === undefined ? meanHead : ngramHead

/** The classifier of an encoder and a fresh head. */
export const onEncoder = (
  { tokenizer, config, encoder }: StartingEncoder,
  {
    head,
    classes,
    seed,
  }: { readonly head: Head; readonly classes: readonly string[]; readonly seed: number },
): Omit<StartingPoint, 'pretrained'> => {
  const model = sequenceClassifier(withClasses(config, classes), head)
  const { params } = initializeFrom(model.parameters, encoder, seed)
  return { tokenizer, model, initial: params }
}

export interface FreshClassifierOptions {
  /** Training texts of the vocabulary. */
  readonly texts: Iterable<string>
  readonly sizes: FreshSizes
  /** Names of the classes. */
  readonly classes: readonly string[]
  readonly seed: number
}

/**
 * A classifier from scratch, before its training.
 *
 * @throws KicError as `freshEncoder`
 */
export const freshClassifier = async ({
  texts,
  sizes,
  ...options
}: FreshClassifierOptions): Promise<StartingPoint> => {
  const fresh = await freshEncoder(texts, sizes)
  return { ...onEncoder(fresh, { head: usualHead(fresh.config), ...options }), pretrained: 'nothing' }
}
