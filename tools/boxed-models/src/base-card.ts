import { LIMITS } from './mini-card.ts'
import type { BaseSettings } from './settings.ts'
import { describeData } from './training-data.ts'

/**
 * The model card: description, training data, accuracy and limits.
 *
 * @param short number of short texts that it learned from
 * @param accuracy Markdown
 */
export const baseCard = (settings: BaseSettings, short: number, accuracy: string): string => {
  const { networks, bayes } = settings
  const members = [
    ...networks.map(({ name, texts, hidden, ngramSizes, ngramBuckets, weight, temperature }) => [
      name,
      `RoBERTa encoder of characters and n-grams (${ngramSizes.join(', ')}; ${ngramBuckets.toLocaleString('en-US')} hashed rows), hidden size ${hidden}, int8; on ${texts === 'all' ? 'all texts' : 'the short texts alone'}`,
      weight,
      temperature,
    ]),
    [
      'naive-bayes',
      'naive Bayes on n-grams of 1 to 4 characters, on the short texts alone',
      bayes.weight,
      bayes.temperature,
    ],
  ]
  return `---
language: ko
license: apache-2.0
library_name: kic
tags: [kic]
---

# KIC base

Assigns a short Korean description of a business to one of the 225 groups of the Korean Standard Industrial
Classification, rev. 10, that occur in practice. Divisions and sections follow from the group. Spaces and punctuation change
nothing.

Its answer is the geometric mean of its members' probabilities:

| member | what it is | weight | temperature |
| --- | --- | --- | --- |
${members.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

## Training data

${describeData(settings, { short })} \`npm run build:model -- base\` trains and packs it again; \`kic evaluate -m @kic/model-base\` prints
the figures below.

## Accuracy

${accuracy}
${LIMITS}`
}
