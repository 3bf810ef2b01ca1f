import { codeIndex, codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { joinFields } from '@kic/data'
import { savePreparation } from '@kic/data/node'
import { prepareText } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import { crossEntropy } from '@kic/losses'
import { initialize, parameter } from '@kic/nn'
import { createRobertaConfig, meanHead, sequenceClassifier } from '@kic/roberta'
import { savePretrained } from '@kic/roberta/node'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import { saveTokenizer } from '@kic/tokenizer/node'
import { noDecay, type TokenRows, tokenBatches, train, unpaddedRows } from '@kic/trainer'
import { progress } from '@kic/trainer/node'
import type { MiniSettings } from './settings.ts'

/** Trains the model on generated rows alone and writes it to a folder, in float32. */
export const trainMini = async (engine: Engine, settings: MiniSettings, folder: string): Promise<void> => {
  const { seed, batchSize, maxLength } = settings
  const classes = codesOf(ksic10Occurring, 'group')
  const { texts, labels } = trainingRows(settings)
  const vocabulary = await trainWordPiece(texts, { vocabSize: settings.vocabulary })
  const tokenizer = createTokenizer({
    vocabulary,
    // transformers.js pads and truncates by it.
    tokenizerConfig: { do_lower_case: false, model_max_length: maxLength },
  })
  const { pad, cls, sep } = tokenizer.specialTokens
  const rows: TokenRows = { ...tokenize(tokenizer, texts, maxLength), labels }
  const config = createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: settings.hidden,
    num_hidden_layers: settings.layers,
    num_attention_heads: settings.heads,
    intermediate_size: 4 * settings.hidden,
    initializer_range: settings.initializerRange,
    max_position_embeddings: maxLength + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    id2label: Object.fromEntries(classes.map((code, i) => [i, code])),
  })
  const model = sequenceClassifier(config, meanHead)
  const { params } = await train({
    engine,
    params: initialize(model.parameters, seed),
    loss: (tensors, batch, ctx) =>
      crossEntropy(model.logits(tensors, batch, ctx), parameter(batch, 'labels')),
    optimizer: { kind: 'adamw', weightDecay: 0.01, maxGradNorm: 1, perParameter: noDecay() },
    learningRate: settings.learningRate,
    schedule: { kind: 'linear', warmupRatio: 0.06 },
    epochs: settings.epochs,
    batches: tokenBatches(rows, { batchSize, bucket: 8, seed, padTokenId: pad.id }),
    callbacks: [progress({ label: 'model-mini' })],
    seed,
  })
  await savePretrained(folder, { config, params: await params.read(), head: meanHead })
  await saveTokenizer(folder, tokenizer)
  await savePreparation(folder, settings.preparation)
}

const trainingRows = ({ rows, seed, balance, singleField, preparation }: MiniSettings) => {
  const texts: string[] = []
  const labels: number[] = []
  for (const row of generateRows({ rows, seed, balance, singleField, minPerGroup: 40, repeats: 0 })) {
    texts.push(prepareText(joinFields(row), preparation))
    labels.push(codeIndex(ksic10Occurring, 'group', row.group))
  }
  return { texts, labels }
}

/** Texts that are encoded at once: bounds the padding that a long one brings to its neighbours. */
const CHUNK = 4096

const tokenize = (tokenizer: Tokenizer, texts: readonly string[], maxLength: number): TokenRows => {
  const inputIds: Int32Array[] = []
  for (let start = 0; start < texts.length; start += CHUNK) {
    const batch = tokenizer.encodeBatch(texts.slice(start, start + CHUNK), { maxLength, typeVocabSize: 1 })
    inputIds.push(...unpaddedRows(batch.inputIds, batch.shape, batch.lengths))
  }
  return { inputIds }
}
