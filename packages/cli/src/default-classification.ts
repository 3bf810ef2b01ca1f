import { ksic10, ksicScript } from '@kic/classification/ksic'
import type { GroupedAnswer } from '@kic/korean-answers'
import type { ModelNotes, Script } from '@kic/predictor'

// The one file of this package that knows KSIC and Korean: the bundled model, and what the command falls back to.

/** The classification that columns and labels are read by if no model and no option names one: KSIC rev. 10. */
export const defaultClassification = ksic10

/** The script of its descriptions. */
export const defaultScript: Script = ksicScript

/** The texts whose characters and n-grams say more than pieces of words. */
export const shortTexts = 'short Korean texts'

/** The language of texts in its script (BCP 47); `undefined` for any other. */
export const languageOf = (script: Script | null | undefined): string | undefined =>
  script?.name === defaultScript.name ? 'ko' : undefined

/** What a model's folder without `kic.json` may be, if its labels fit. */
export const knownNotes: readonly ModelNotes[] = [
  { classification: defaultClassification, script: defaultScript },
]

/** The bundled model, for help texts. */
export const bundledModel = {
  codes: 'Korean descriptions of businesses by KSIC rev. 10',
  example: '카센터에서 자동차부분정비 타이어오일교환',
}

/** The command that looks up codes of the default classification, and examples of its arguments. */
export const lookUpCommand = {
  name: 'ksic',
  examples: ['952', '자동차 수리', '도매 --level division --json'],
}

/** Labelled rows of the default classification, drawn from a lexicon. */
export const generatedRows = async (rows: number, seed: number) => {
  const { generateRows } = await import('@kic/korean-answers')
  // Few rows have fewer of each group.
  const minPerGroup = Math.min(
    40,
    Math.floor(rows / (defaultClassification.levels.at(-1)?.nodes.length ?? 1)),
  )
  return labelledRows(generateRows({ rows, seed, balance: 0.35, minPerGroup, repeats: 0, singleField: 0.5 }))
}

/** Labelled rows of the default classification that no generator produced. */
export const handWrittenRows = async () => {
  const { evaluationRows } = await import('@kic/korean-answers/evaluation')
  const rows = await labelledRows(evaluationRows)
  return { rows, name: `${rows.length} hand-written answers of @kic/korean-answers` }
}

const labelledRows = async (answers: Iterable<GroupedAnswer>) => {
  const { answerToRow } = await import('@kic/korean-answers')
  return Array.from(answers, (answer, i) => answerToRow(answer, i)).flatMap((row) =>
    row.labels === undefined ? [] : [{ ...row, labels: row.labels }],
  )
}
