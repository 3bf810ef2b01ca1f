import type { Figures } from './kic-evaluate.ts'
import type { MiniSettings } from './settings.ts'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const number = (n: number): string => n.toLocaleString('en-US')

/** The model card: what it is, what it learned from, how well it does, what it is not for. */
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

Assigns a short Korean description of what a business does to one of the 225 groups of the Korean Standard Industrial
Classification, rev. 10, that occur in practice, and by the groups to divisions and sections.

A RoBERTa encoder with ${settings.layers} layers, hidden size ${settings.hidden}, ${settings.heads} attention heads and a WordPiece vocabulary of ${number(settings.vocabulary)} pieces: ${(parameters / 1e6).toFixed(1)} million
parameters, as int8 ONNX. It reads up to ${settings.maxLength} tokens.

## What it learned from

${number(settings.rows)} rows of the dataset generator of \`@kic/data\` (seed ${settings.seed}), ${settings.epochs} epochs, no pretraining. The generator composes answers
from a lexicon that was written for this project; **no real survey answer was seen**. \`npm run build:model-mini\` trains and
packs it anew; \`kic evaluate\` prints the figures below.

## How well it does

${Object.entries(figures)
  .map(([name, { rows, levels, top3, calibrationError }]) =>
    figureTable(name, rows, levels, top3, calibrationError),
  )
  .join('\n')}
The answers written by hand are those of \`@kic/data\` (\`evaluationRows\`): in the style of survey answers, made by no template
and not learned from, but not by respondents. The temperature was fitted on them, so their calibration error flatters.${
  'index terms of the classification' in figures
    ? `
The index terms are names of goods and activities as the classification's index has them, often rare and technical; the
model saw none of them.`
    : ''
}

When answers below a threshold of confidence go to a person, on the answers written by hand:

| review below | coded automatically | group right | division right | section right |
| --- | --- | --- | --- | --- |
${(figures['answers written by hand']?.expectations ?? [])
  .map(({ reviewBelow, automatic, accuracy }) => {
    const cells = ['group', 'division', 'section'].map((level) =>
      accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy),
    )
    return `| ${reviewBelow} | ${percent(automatic)} | ${cells.join(' | ')} |`
  })
  .join('\n')}

## What it is not for

Official statistics: it is a demonstration that fits into a package. Train on your own coded answers for that, and fit the
calibration on them (\`kic evaluate --calibrate\`). Texts without Hangul are refused.
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

The group is among the three most probable in ${percent(top3)}; expected calibration error of the group ${(100 * calibrationError).toFixed(1)} points.
`
