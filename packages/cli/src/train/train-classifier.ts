import type { Labels } from '@kic/classification'
import type { TextPreparation } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import type { Head } from '@kic/nn'
import type { LabelledText, ModelNotes } from '@kic/predictor'
import type { StartingPoint } from './starting-point.ts'

export interface TrainClassifierOptions {
  readonly engine: Engine
  readonly start: StartingPoint
  readonly head: Head
  /** The level whose codes are the classes. */
  readonly level: string
  /** Rows with prepared texts. */
  readonly train: readonly LabelledText[]
  readonly validation: readonly LabelledText[]
  /** How they were prepared, and what their labels are: the model's folder says both. */
  readonly preparation: TextPreparation
  readonly notes: ModelNotes
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
  readonly signal: AbortSignal
  /** Where progress is shown. */
  readonly progress: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** Trains a classifier and saves it, with tokenizer and ONNX files, as a folder that `kic predict` takes. */
export const trainClassifier = async (options: TrainClassifierOptions, folder: string): Promise<void> => {
  const [
    { crossEntropy },
    nn,
    { maxTokens, sequenceClassifier },
    roberta,
    tokenizers,
    trainer,
    { progress },
    { accuracy },
  ] = await Promise.all([
    import('@kic/losses'),
    import('@kic/nn'),
    import('@kic/roberta'),
    import('@kic/roberta/node'),
    import('@kic/tokenizer'),
    import('@kic/trainer'),
    import('@kic/trainer/node'),
    import('@kic/scores'),
  ])
  const { engine, start, head, level, notes, seed, batchSize } = options
  const { tokenizer, config, encoder } = start
  const model = sequenceClassifier(config, head)
  const classes = new Map(Object.entries(config.id2label).map(([id, code]) => [code, Number(id)]))
  const numbersOf = (rows: readonly { readonly labels: Labels }[]): Int32Array =>
    Int32Array.from(rows, ({ labels }) => classes.get(labels[level] ?? '') ?? -1)
  const tokensOf = (rows: readonly LabelledText[]) =>
    tokenizers.encodeUnpadded(
      tokenizer,
      rows.map(({ text }) => text),
      {
        maxLength: tokenizers.tokenLimit(tokenizer, maxTokens(config)),
        typeVocabSize: config.type_vocab_size,
      },
    )
  const rows = { ...tokensOf(options.train), labels: numbersOf(options.train) }
  const [validation, truth] = [tokensOf(options.validation), numbersOf(options.validation)]
  const padTokenId = tokenizer.specialTokens.pad.id
  const predictor = trainer.createPredictor({ engine, forward: model.logits, padTokenId })
  const { params } = await trainer.train({
    engine,
    params:
      encoder === undefined
        ? nn.initialize(model.parameters, seed)
        : nn.initializeFrom(model.parameters, encoder, seed).params,
    loss: (tensors, batch, ctx) =>
      crossEntropy(model.logits(tensors, batch, ctx), nn.parameter(batch, 'labels')),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: trainer.noDecay() },
    learningRate: options.learningRate,
    schedule: { kind: 'linear', warmupRatio: 0.06 },
    epochs: options.epochs,
    batches: trainer.tokenBatches(rows, { batchSize, seed, padTokenId }),
    evaluate: {
      run: async (placed) => ({
        accuracy: accuracy((await predictor(placed, validation)).labels(), truth),
      }),
    },
    callbacks: [progress({ label: 'train', stream: options.progress })],
    signal: options.signal,
    seed,
  })
  options.signal.throwIfAborted()
  const trained = await params.read()
  const [{ savePreparation }, { saveNotes }, { saveTokenizer }] = await Promise.all([
    import('@kic/data/node'),
    import('@kic/predictor/node'),
    import('@kic/tokenizer/node'),
  ])
  await roberta.savePretrained(
    folder,
    { config, params: trained, head },
    {
      files: async (at) => {
        await saveTokenizer(at, tokenizer)
        await savePreparation(at, options.preparation)
        await saveNotes(at, notes)
      },
    },
  )
  options.progress.write('writing ONNX files\n')
  await roberta.saveOnnx(folder, { model, params: trained }, { formats: ['int8', 'float32'] })
  predictor.dispose()
  params.dispose()
}
