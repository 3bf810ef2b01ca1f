/** What only the maker of a model knows about it. */
export interface CardFacts {
  readonly title?: string | undefined
  /** Its training data, in a sentence or two. */
  readonly data?: string | undefined
  /** SPDX name of the licence, such as `apache-2.0`. */
  readonly licence?: string | undefined
  /** Language of the texts (BCP 47). */
  readonly language?: string | undefined
}

/**
 * The `README.md` of a model that KIC alone runs, with the metadata of the Hugging Face Hub:
 * https://huggingface.co/docs/hub/model-cards. Unstated facts are said to be unknown.
 *
 * @param title used if the facts have none
 * @param body Markdown
 */
export const cardOf = (title: string, body: string, facts: CardFacts): string =>
  [
    [
      '---',
      ...(facts.language === undefined ? [] : [`language: ${JSON.stringify(facts.language)}`]),
      ...(facts.licence === undefined ? [] : [`license: ${JSON.stringify(facts.licence)}`]),
      'library_name: kic',
      'tags: [kic]',
      '---',
    ].join('\n'),
    `# ${oneLine(facts.title ?? title)}`,
    body,
    '## Data',
    facts.data ?? 'Not stated.',
    '## Use',
    "```ts\nimport { loadPredictor } from '@kic/predictor/node'\n\nconst predictor = await loadPredictor('.')\n```",
    '## Licence',
    facts.licence === undefined ? 'Not stated.' : `${oneLine(facts.licence)}.`,
  ]
    .join('\n\n')
    .concat('\n')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/**
 * The licence in the front matter of a `README.md`, as `savePretrained` and `cardOf` write it.
 *
 * @returns `undefined` if it states none
 */
export const licenceOf = (card: string): string | undefined => {
  const [, matter = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card) ?? []
  const [, value] = /^license:\s*["']?([\w.+-]+)["']?\s*$/m.exec(matter) ?? []
  return value
}
