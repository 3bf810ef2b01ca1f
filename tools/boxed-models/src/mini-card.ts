import { million } from './numbers.ts'
import type { MiniSettings } from './settings.ts'
import { describeData } from './training-data.ts'

/** What building it showed. */
export interface MiniFacts {
  readonly parameters: number
  /** Short texts that it learned from. */
  readonly short: number
  /** Texts without a label that were made of these. */
  readonly spliced: number
  /** Markdown. */
  readonly accuracy: string
}

/** The model card: description, training data, accuracy and limits. */
export const miniCard = (
  settings: MiniSettings,
  { parameters, short, spliced, accuracy }: MiniFacts,
): string => {
  const { layers, hidden, heads, ngramSizes, ngramBuckets, maxLength } = settings.network
  return `---
language: ko
license: apache-2.0
pipeline_tag: text-classification
---

# KIC mini

Assigns a short Korean description of a business to one of the 225 groups of the Korean Standard Industrial
Classification, rev. 10, that occur in practice. Divisions and sections follow from the group.

A RoBERTa encoder with ${layers === 1 ? '1 layer' : `${layers} layers`}, hidden size ${hidden}, ${heads} attention heads, over characters and their n-grams (${ngramSizes.join(', ')}; ${ngramBuckets.toLocaleString('en-US')} hashed rows), without spaces and punctuation: ${million(parameters)}
parameters, as int8 ONNX. It reads up to ${maxLength} characters.

## Training data

${describeData(settings, { short })} It is a student of \`@kic/model-base\`: it learned
that model's probabilities for these texts, and for ${spliced.toLocaleString('en-US')} that belong to no group, starts and ends of short texts put together
and pieces of them. \`npm run build:model -- mini\` trains and packs it again; \`kic evaluate\`
prints the figures below.

## Accuracy

${accuracy}
${LIMITS}`
}

/** What users of a published model must know. */
export const LIMITS = `## Limits

Do not use it for official statistics: it learned from no real answer. Train a model on your own coded answers, and
calibrate it on others of them (\`kic calibrate\`). Texts without Hangul are refused.
`
