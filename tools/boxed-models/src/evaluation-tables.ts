import { type Evaluation, evaluateClassifier } from '@kic/classifier'
import { defined } from '@kic/core'
import { evaluationTexts } from './evaluation-texts.ts'
import { percent } from './numbers.ts'

/** The accuracy of a published model as Markdown, as `kic evaluate` measures it. */
export const evaluationTables = async (folder: string): Promise<string> => {
  const found: { readonly name: string; readonly evaluation: Evaluation }[] = []
  for (const { name, rows } of await evaluationTexts())
    found.push({ name, evaluation: await evaluateClassifier(folder, rows) })
  const tables = found.map(({ name, evaluation }) => accuracyTable(name, evaluation))
  const { expectations } = defined(found[0]).evaluation
  return `${tables.join('\n')}
The hand-written answers are those of \`@kic/korean-answers\` (\`evaluationRows\`): in the style of survey answers, but not by
respondents. No template produced them, and the model was not trained on them. They did not fit its temperature
either, but they made its guarantees, which hold for texts like them alone.${
    found.length > 1
      ? `
The index terms are names of goods and activities from the classification's index, often rare and technical. The model
was not trained on them.`
      : ''
  }

Results on the hand-written answers if a person reviews those below a threshold of confidence:

| review below | coded automatically | group correct | division correct | section correct |
| --- | --- | --- | --- | --- |
${expectations
  .map(({ reviewBelow, automatic, accuracy }) => {
    const cells = ['group', 'division', 'section'].map((level) =>
      accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy),
    )
    return `| ${reviewBelow} | ${percent(automatic)} | ${cells.join(' | ')} |`
  })
  .join('\n')}
`
}

const accuracyTable = (
  name: string,
  { rows, levels, top3, calibrationError }: Evaluation,
): string => `${rows.toLocaleString('en-US')} ${name}:

| level | accuracy | macro-F1 |
| --- | --- | --- |
${Object.entries(levels)
  .map(([level, { accuracy, macroF1 }]) => `| ${level} | ${percent(accuracy)} | ${percent(macroF1)} |`)
  .join('\n')}

The correct group is among the three most probable ones for ${percent(defined(top3))}; the group's expected calibration error is ${(100 * defined(calibrationError)).toFixed(1)} points.
`
