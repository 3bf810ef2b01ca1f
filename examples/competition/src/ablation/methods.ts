import { ancestorLevels, labelNumbers } from '@kic/classification'
import { initializeFusion, robertaFusion } from '@kic/hierarchical-fusion'
import {
  firstCandidates,
  labelNames,
  type PairPretraining,
  pairScorer,
  pretrainOnPairs,
  rerank,
  topCandidates,
} from '@kic/negative-sampling'
import { initializeFrom } from '@kic/nn'
import { sequenceClassifier } from '@kic/roberta'
import type { HostTensors } from '@kic/safetensors'
import { accuracy, argMaxRows, confusionMatrix } from '@kic/scores'
import { tapt } from '@kic/tapt'
import { progress } from '@kic/trainer/node'
import { type FineTuned, fineTune } from './fine-tune.ts'
import { HEADS } from './reading.ts'
import { configOf, type Setup } from './setup.ts'

/** What one method came to with one seed. */
export interface MethodResult {
  /** Classes of the test rows, at the finest level. */
  readonly labels: Int32Array
  /** Updates and seconds of fine-tuning, and of everything that only this method does before. */
  readonly updates: number
  readonly seconds: number
  readonly extraUpdates: number
  readonly extraSeconds: number
  /** Held-out perplexity of pretraining, by epoch, the beginning first. */
  readonly perplexities?: readonly { readonly epoch: number; readonly perplexity: number }[] | undefined
  /** What else there is to report. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

export type Method = () => Promise<MethodResult>

/** Ways to a classifier. */
export type MethodKey = 'plain' | 'fusion' | 'tapt' | 'pairs' | 'rerank' | 'longer'

/**
 * The methods with one seed. What two of them need is done once.
 *
 * @param name what progress lines call the plain one
 */
export const methodsOf = (setup: Setup, seed: number, name: string): Readonly<Record<MethodKey, Method>> => {
  const { engine, preset, task, tokenizer, level, coarser, train, validation, test } = setup
  const config = configOf(setup, level)
  const head = HEADS[setup.settings.reading.head]
  const model = sequenceClassifier(config, head)
  const classifier = (label: string, encoder: HostTensors, epochs?: number): Promise<FineTuned> =>
    fineTune(setup, {
      name: `${label}, seed ${seed}`,
      level,
      model,
      initial: initializeFrom(model.parameters, encoder, seed).params,
      epochs,
      seed,
    })
  const texts = (rows: typeof train.rows): string[] => rows.map(({ text }) => text)
  const labels = (rows: typeof train.rows): Int32Array => labelNumbers(task.classification, level, rows)

  const plain = once(() => classifier(name, {}))
  const pretrained = once(() =>
    timed(() =>
      tapt({
        engine,
        config,
        tokenizer,
        texts: texts([...task.unlabelled, ...train.rows]),
        heldOut: texts(validation.rows),
        preset: preset.tapt,
        maxLength: preset.maxLength,
        unmaskable: 'leave-out',
        callbacks: [progress({ label: `TAPT, seed ${seed}`.padEnd(24) })],
        seed,
      }),
    ),
  )
  const paired = once(async () => {
    const { value: adapted } = await pretrained()
    const { validation: probabilities, classes } = await plain()
    const matrix = confusionMatrix(argMaxRows(probabilities, classes), labels(validation.rows), classes)
    const { pairs } = preset
    return timed(() =>
      pretrainOnPairs({
        engine,
        config,
        tokenizer,
        checkpoint: adapted.encoder,
        rows: { texts: texts(train.rows), labels: labels(train.rows) },
        heldOut: { texts: texts(validation.rows), labels: labels(validation.rows) },
        names: labelNames(task.classification, level),
        negatives: { kind: 'mixed', matrix, share: pairs.confusionShare },
        ratio: pairs.ratio,
        epochs: pairs.epochs,
        learningRate: pairs.learningRate,
        batchSize: preset.batchSize,
        callbacks: [progress({ label: `pairs, seed ${seed}`.padEnd(24) })],
        seed,
      }),
    )
  })
  const afterPairs = once(async () => classifier('after pairs', (await paired()).value.encoder))
  const beforePairs = async () =>
    [await pretrained(), await paired()].map(({ value: { steps }, seconds }) => ({ updates: steps, seconds }))

  return {
    plain: async () => resultOf(await plain()),
    fusion: async () => {
      const coarse = configOf(setup, coarser)
      const previous = sequenceClassifier(coarse, head)
      const before = await fineTune(setup, {
        name: `${coarser}, seed ${seed}`,
        level: coarser,
        model: previous,
        initial: initializeFrom(previous.parameters, {}, seed).params,
        seed,
      })
      const fused = robertaFusion(
        { present: { level, config }, previous: { level: coarser, config: coarse } },
        head,
        ancestorLevels(task.classification, { level }).at(-2),
      )
      const after = await fineTune(setup, {
        name: `fusion, seed ${seed}`,
        level,
        model: fused,
        initial: initializeFusion(fused, { previous: before.params }, seed).params,
        seed,
      })
      return resultOf(after, [before])
    },
    tapt: async () => {
      const { value, seconds } = await pretrained()
      const after = await classifier('after TAPT', value.encoder)
      return {
        ...resultOf(after, [{ updates: value.steps, seconds }]),
        perplexities: value.evaluations.map(({ epoch, perplexity }) => ({ epoch, perplexity })),
        details: { leftOut: value.leftOut.length },
      }
    },
    pairs: async () => {
      const { value } = await paired()
      const accuracies = value.evaluations.map(({ epoch, metrics }) => ({
        epoch,
        accuracy: metrics.accuracy,
      }))
      return { ...resultOf(await afterPairs(), await beforePairs()), details: { pairs: accuracies } }
    },
    rerank: async () => {
      const [{ value }, trained] = [await paired(), await afterPairs()]
      const { value: reranked, seconds } = await timed(() => rerankByPairs(value, trained))
      return {
        ...resultOf(trained, [...(await beforePairs()), { updates: 0, seconds }]),
        labels: reranked.labels,
        details: { weight: reranked.weight, topK: preset.pairs.topK },
      }
    },
    longer: async () => {
      const { value } = await pretrained()
      const perEpoch = Math.ceil(train.rows.length / preset.batchSize)
      const epochs = preset.epochs + Math.round(value.steps / perEpoch)
      return { ...resultOf(await classifier(`${name}, longer`, {}, epochs)), details: { epochs } }
    },
  }

  /** The best weight on the validation rows is the pair model's weight on the test rows. */
  async function rerankByPairs({ model: pairModel, params }: PairPretraining, of: FineTuned) {
    const score = pairScorer({
      engine,
      model: pairModel,
      tokenizer,
      names: labelNames(task.classification, level),
      maxLength: 2 * preset.maxLength,
      typeVocabSize: config.type_vocab_size,
    })
    const placed = engine.place(params)
    try {
      const ranked = async (rows: typeof test.rows, probabilities: Float32Array) => {
        const candidates = topCandidates(probabilities, of.classes, preset.pairs.topK)
        const pairScores = await score(placed, texts(rows), candidates)
        return (weight: number): Int32Array =>
          firstCandidates(rerank({ probabilities, classes: of.classes, candidates, pairScores, weight }))
      }
      const [onValidation, onTest] = [
        await ranked(validation.rows, of.validation),
        await ranked(test.rows, of.test),
      ]
      const truth = labels(validation.rows)
      const [best] = WEIGHTS.map((weight) => ({
        weight,
        accuracy: accuracy(onValidation(weight), truth),
      })).sort((a, b) => b.accuracy - a.accuracy)
      const weight = best?.weight ?? 0
      return { weight, labels: onTest(weight) }
    } finally {
      placed.dispose()
      score.dispose()
    }
  }
}

/** Ascending, so that of equal ones the pair model's least say wins. */
const WEIGHTS = [0, 0.1, 0.2, 0.4, 0.7, 1, 1.5]

const resultOf = (
  { test, classes, updates, seconds }: FineTuned,
  before: readonly { readonly updates: number; readonly seconds: number }[] = [],
): MethodResult => ({
  labels: argMaxRows(test, classes),
  updates,
  seconds,
  extraUpdates: before.reduce((sum, stage) => sum + stage.updates, 0),
  extraSeconds: before.reduce((sum, stage) => sum + stage.seconds, 0),
})

/** The same promise whenever it is called. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const timed = async <T>(run: () => Promise<T>): Promise<{ value: T; seconds: number }> => {
  const started = performance.now()
  const value = await run()
  return { value, seconds: (performance.now() - started) / 1000 }
}
