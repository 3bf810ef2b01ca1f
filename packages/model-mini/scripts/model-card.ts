import { defined } from '@kic/core'
import type { Figures } from './kic-evaluate.ts'
import type { MiniSettings } from './settings.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const number = (n: number): string => n.toLocaleString('en-US')

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

/** The model card: description, training data, accuracy and limits. */
export const modelCard = ({
  settings,
  parameters,
  figures,
}: {
  readonly settings: MiniSettings
  readonly parameters: number
  readonly figures: Readonly<Record<string, Figures>>
}): string => `---
language: ko
license: apache-2.0
pipeline_tag: text-classification
---

# KIC mini

Assigns a short Korean description of a business to one of the 225 groups of the Korean Standard Industrial
Classification, rev. 10, that occur in practice. Divisions and sections follow from the group.

A RoBERTa encoder with ${counted(settings.layers, 'layer')}, hidden size ${settings.hidden}, ${settings.heads} attention heads, over characters and their n-grams (${settings.ngramSizes.join(', ')}; ${number(settings.ngramBuckets)} hashed rows), without spaces and punctuation: ${(parameters / 1e6).toFixed(1)} million
parameters, as int8 ONNX. It reads up to ${settings.maxLength} characters.

## Training data

${number(settings.rows)} rows of the dataset generator of \`@kic/korean-answers\` (seed ${settings.seed}), ${counted(settings.epochs, 'epoch')}, no pretraining. The generator composes answers
from a lexicon that was written for this project; **it contains no real survey answers**. \`npm run build:model-mini\` trains and
packs it again; \`kic evaluate\` prints the figures below.

## Accuracy

${Object.entries(figures)
  .map(([name, { rows, levels, top3, calibrationError }]) =>
    figureTable(name, rows, levels, top3, calibrationError),
  )
  .join('\n')}
The handwritten answers are those of \`@kic/korean-answers\` (\`evaluationRows\`): in the style of survey answers, but not by
respondents. No template produced them, and the model was not trained on them. One half of them fitted the
temperature, so their calibration error is optimistic; the other half made the guarantees, which hold for texts like them
alone.${
  'index terms of the classification' in figures
    ? `
The index terms are names of goods and activities from the classification's index, often rare and technical. The model
was not trained on them.`
    : ''
}

Results on the handwritten answers if a person reviews those below a threshold of confidence:

| review below | coded automatically | group correct | division correct | section correct |
| --- | --- | --- | --- | --- |
${defined(figures['handwritten answers'])
  .expectations.map(({ reviewBelow, automatic, accuracy }) => {
    const cells = ['group', 'division', 'section'].map((level) =>
      accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy),
    )
    return `| ${reviewBelow} | ${percent(automatic)} | ${cells.join(' | ')} |`
  })
  .join('\n')}

## Limits

Do not use it for official statistics: it is a small demonstration. Train a model on your own coded answers, and
calibrate it on others of them (\`kic calibrate\`). Texts without Hangul are refused.
`

const figureTable = (
  name: string,
  rows: number,
  levels: Figures['levels'],
  top3: number,
  calibrationError: number,
): string => `${number(rows)} ${name}:

| level | accuracy | macro-F1 |
| --- | --- | --- |
${Object.entries(levels)
  .map(([level, { accuracy, macroF1 }]) => `| ${level} | ${percent(accuracy)} | ${percent(macroF1)} |`)
  .join('\n')}

The correct group is among the three most probable ones for ${percent(top3)}; the group's expected calibration error is ${(100 * calibrationError).toFixed(1)} points.
`
