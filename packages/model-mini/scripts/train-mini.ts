import { codesOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { classNumbers, fitClassifier, saveClassifier, startingPoint, tokenizeRows } from '@kic/classifier'
import { joinFields } from '@kic/data'
import { prepareText } from '@kic/data/prepare'
import type { Engine } from '@kic/engine'
import { generateRows } from '@kic/korean-answers'
import { progress } from '@kic/trainer/node'
import type { MiniSettings } from './settings.ts'

/** Trains the model on generated rows alone and writes it to a folder, in float32. */
export const trainMini = async (engine: Engine, settings: MiniSettings, folder: string): Promise<void> => {
  const { seed, batchSize, maxLength, epochs, learningRate, preparation } = settings
  const classes = codesOf(ksic10Occurring, 'group')
  const { texts, groups } = trainingRows(settings)
  const { tokenizer, model, initial } = await startingPoint({
    texts,
    sizes: { ...settings, reading: 'characters' },
    classes,
    seed,
  })
  const { params } = await fitClassifier({
    engine,
    model,
    initial,
    rows: {
      ...tokenizeRows({ tokenizer, config: model.config }, texts, maxLength),
      labels: classNumbers(classes, groups),
    },
    padTokenId: tokenizer.specialTokens.pad.id,
    learningRate,
    epochs,
    batchSize,
    bucket: 8,
    callbacks: [progress({ label: 'model-mini' })],
    seed,
  })
  await saveClassifier(folder, { model, params: await params.read(), tokenizer }, { preparation })
}

const trainingRows = ({ rows, seed, balance, singleField, preparation }: MiniSettings) => {
  const texts: string[] = []
  const groups: string[] = []
  for (const row of generateRows({ rows, seed, balance, singleField, minPerGroup: 40, repeats: 0 })) {
    texts.push(prepareText(joinFields(row), preparation))
    groups.push(row.group)
  }
  return { texts, groups }
}
