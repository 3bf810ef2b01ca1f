import { percent, textTable } from '@kic/core'
import { describePreparation } from '@kic/data/prepare'
import { guaranteesInWords } from '../guarantees-in-words.ts'
import type { Inspection } from './inspection.ts'

/** Labels shown. */
const SHOWN = 20

const NETWORK_SIZES = ['model_type', 'num_hidden_layers', 'hidden_size', 'num_attention_heads']

/** What the model is, and what it reads. */
const modelFacts = (inspection: Inspection): readonly (readonly string[])[] => {
  const { kind, config = {}, vocabulary, maxTokens, scheme, members = [], budgets = {} } = inspection
  const script = `${inspection.script ?? 'any script'}${inspection.letterless ? ', texts without letters too' : ''}`
  const values = (keys: readonly string[]): string => keys.map((key) => `${key} ${config[key]}`).join(', ')
  switch (kind) {
    case 'network':
      return [
        ['model', values(NETWORK_SIZES)],
        ['input', `${vocabulary} pieces, up to ${maxTokens} tokens, ${script}`],
      ]
    case 'ngram':
      return [
        ['model', values(Object.keys(config))],
        ['input', `character n-grams, ${script}`],
      ]
    case 'reranked':
      return [
        ['model', `re-ranked by the names of classes: ${values(Object.keys(config))}`],
        ['input', script],
      ]
    case 'ensemble':
      return [
        ['model', `ensemble of ${members.length} models, scheme ${scheme}`],
        ...members.map(({ name, kind, level, weight, temperature }, i) => [
          i === 0 ? 'members' : '',
          `${name}: ${kind}, ${level}, weight ${weight}, temperature ${temperature.toFixed(3)}`,
        ]),
        ...Object.entries(budgets).map(([name, budget], i) => [
          i === 0 ? 'budgets' : '',
          `${name}: ${budget?.members.map((member) => member.name).join(', ')}; ` +
            `accuracy ${percent(budget?.accuracy ?? 0)}, ${Math.round(budget?.rowsPerSecond ?? 0).toLocaleString('en-US')} rows/s`,
        ]),
        ['input', script],
      ]
  }
}

/** A folder's inspection, for people. */
export const inspectionInWords = (inspection: Inspection): string => {
  const { calibration } = inspection
  const facts: (readonly string[])[] = [
    ['folder', inspection.folder],
    ['classes', describeClasses(inspection)],
    ...modelFacts(inspection),
    ['preparation', describePreparation(inspection.preparation)],
    ...inspection.files.map(({ path, bytes }, i) => [
      i === 0 ? 'files' : '',
      `${path}, ${describeSize(bytes)}`,
    ]),
    [
      'calibration',
      calibration === undefined
        ? 'none, confidence is raw; run kic calibrate'
        : `temperature ${calibration.temperature.toFixed(3)}, on ${calibration.on}`,
    ],
  ]
  if (calibration === undefined) return textTable(facts)
  const rows = calibration.expectations.map(({ reviewBelow, automatic, accuracy }) => [
    String(reviewBelow),
    percent(automatic),
    ...inspection.levels.map((level) =>
      accuracy[level] === undefined ? '–' : percent(accuracy[level].accuracy),
    ),
  ])
  const { guarantees } = calibration
  return (
    `${textTable(facts)}\n${textTable([['review below', 'automatic', ...inspection.levels], ...rows])}\n` +
    (guarantees === undefined ? 'no guarantees; kic calibrate makes them\n' : guaranteesInWords(guarantees))
  )
}

/** Labels of one's own are listed; codes are those of a level of a classification. */
const describeClasses = ({ classes, labels, levels, classification }: Inspection): string => {
  if (labels === undefined) return `${classes} of the level ${levels.at(-1)} of ${classification}`
  return `${classes}: ${labels.slice(0, SHOWN).join(', ')}${labels.length > SHOWN ? ', …' : ''}`
}

const describeSize = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(2)} MiB`
}
