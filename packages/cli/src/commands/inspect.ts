import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Classification } from '@kic/classification'
import { KicError, percent, textTable } from '@kic/core'
import { defaultPreparation, describePreparation, type TextPreparation } from '@kic/data/prepare'
import type { Ensemble } from '@kic/ensemble'
import type { Calibration } from '@kic/predictor'
import type { EnsembleFolder, ModelFolder, NetworkFolder, NgramFolder } from '@kic/predictor/node'
import { type Expectation, expectationAt } from '@kic/scores'
import type { Command } from 'commander'
import { knownNotes } from '../default-classification.ts'
import { defaultModel } from '../default-model.ts'
import type { CliErrorCode } from '../error-code.ts'
import { type GuaranteeSummary, guaranteeSummary, guaranteesInWords } from '../guarantees-in-words.ts'
import type { Io } from '../io.ts'

interface Options {
  readonly json?: boolean
}

/** The contents of a model's folder. */
interface Inspection {
  readonly folder: string
  readonly kind: ModelFolder['kind'] | 'ensemble'
  readonly classification: string
  readonly levels: readonly string[]
  readonly classes: number
  /** Labels of one's own: classes whose codes are their names. */
  readonly labels?: readonly string[] | undefined
  /** Of a network. */
  readonly vocabulary?: number | undefined
  /** Of a network. */
  readonly maxTokens?: number | undefined
  readonly script: string | null
  readonly preparation: TextPreparation
  /** Of an ensemble. */
  readonly scheme?: Ensemble['scheme'] | undefined
  /** Of an ensemble. */
  readonly members?: readonly MemberInspection[] | undefined
  /** Of an ensemble: what was measured of its budgets. */
  readonly budgets?: Ensemble['budgets']
  /** What the folder leaves out. */
  readonly warnings: readonly string[]
  /**
   * Of a network, its `config.json` without labels; of an n-gram model, its settings without labels; of a re-ranked model, how
   * it is re-ranked.
   */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly calibration?: CalibrationInspection | undefined
}

interface CalibrationInspection {
  readonly temperature: number
  readonly on: string
  readonly rows: number
  /** At some thresholds of confidence. */
  readonly expectations: readonly Expectation[]
  readonly guarantees?: GuaranteeSummary | undefined
}

/** A member of an ensemble. */
interface MemberInspection {
  readonly name: string
  readonly kind: ModelFolder['kind']
  readonly level: string
  readonly weight: number
  readonly temperature: number
}

/** Labels shown. */
const SHOWN = 20

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95]

/** `kic inspect`: the contents of a model's folder and its expected accuracy. */
export const addInspect = (program: Command, io: Io): void => {
  program
    .command('inspect')
    .description('Shows a model: classes, sizes, files, calibration, expected accuracy and guarantees.')
    .argument('[folder]', 'folder of a model or an ensemble; default: the bundled model')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  kic inspect\n  kic inspect runs/first --json')
    .action(async (folder: string | undefined, { json = false }: Options) => {
      const inspection = await inspect(folder ?? (await defaultModel()))
      for (const warning of inspection.warnings) io.err(`warning: ${warning}\n`)
      await io.out(json ? `${JSON.stringify(inspection)}\n` : inWords(inspection))
    })
}

const inspect = async (folder: string): Promise<Inspection> => {
  const { filesIn, readEnsembleFolder, readModelFolder } = await import('@kic/predictor/node')
  const files = await listFiles(folder)
  const options = { known: knownNotes }
  const ensemble = await readEnsembleFolder(folder, options)
  if (ensemble !== undefined) return { folder, files, ...inspectEnsemble(ensemble) }
  const found = await readModelFolder(filesIn(folder), options)
  const { kind, tree, notes, preparation, warnings } = found
  return {
    folder,
    kind,
    ...(await inspectModel(found)),
    classification: notes.classification.name,
    levels: tree.levels,
    classes: tree.codes.length,
    labels: ownLabels(notes.classification),
    script: notes.script?.name ?? null,
    preparation,
    warnings,
    files,
    calibration: inspectCalibration(notes.calibration, tree.levels),
  }
}

const inspectEnsemble = ({
  ensemble: { scheme, levels, members, budgets },
  notes,
  models,
}: EnsembleFolder): Omit<Inspection, 'folder' | 'files'> => ({
  kind: 'ensemble',
  classification: notes.classification.name,
  levels: levels.map(({ name }) => name),
  classes: levels.at(-1)?.labels.length ?? 0,
  labels: ownLabels(notes.classification),
  script: notes.script?.name ?? null,
  preparation: models[0]?.preparation ?? defaultPreparation,
  scheme,
  members: members.map(({ name, level, weight, temperature }, i) => ({
    name,
    kind: models[i]?.kind ?? 'network',
    level,
    weight,
    temperature,
  })),
  budgets,
  warnings: models.flatMap(({ warnings }) => warnings),
  calibration: inspectCalibration(
    notes.calibration,
    levels.map(({ name }) => name),
  ),
})

const inspectCalibration = (
  calibration: Calibration | undefined,
  levels: readonly string[],
): CalibrationInspection | undefined =>
  calibration === undefined
    ? undefined
    : {
        temperature: calibration.temperature,
        on: calibration.on,
        rows: calibration.curve.rows,
        expectations: THRESHOLDS.map((threshold) => expectationAt(calibration.curve, threshold)),
        guarantees: guaranteeSummary(calibration, levels),
      }

const inspectModel = (found: ModelFolder) => {
  switch (found.kind) {
    case 'network':
      return inspectNetwork(found)
    case 'ngram':
      return inspectNgram(found)
    case 'reranked': {
      const { candidates, weight } = found.settings
      return { config: { retriever: found.retriever.kind, candidates, weight } }
    }
  }
}

const inspectNetwork = async ({ name, tokenizer, maxTokens }: NetworkFolder) => {
  const {
    id2label: _,
    label2id: __,
    ...config
  }: Record<string, unknown> = JSON.parse(await readFile(join(name, 'config.json'), 'utf8'))
  return { vocabulary: tokenizer.vocabSize, maxTokens, config }
}

const inspectNgram = ({ settings: { labels: _, ...config } }: NgramFolder) => ({ config })

const ownLabels = ({ levels }: Classification): readonly string[] | undefined => {
  const [only, ...others] = levels
  if (only === undefined || others.length > 0 || only.nodes.some(({ code, name }) => code !== name))
    return undefined
  return only.nodes.map(({ code }) => code)
}

/** @throws KicError `cli/no-folder` */
const listFiles = async (folder: string): Promise<Inspection['files']> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new KicError<CliErrorCode>(
      'cli/no-folder',
      `kic inspect: the model must be a readable folder, received ${folder}. Check the path.`,
      { cause },
    )
  })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path: path.slice(folder.length + 1), bytes: (await stat(path)).size }
    })
  return (await Promise.all(files)).sort((a, b) => a.path.localeCompare(b.path))
}

const NETWORK_SIZES = ['model_type', 'num_hidden_layers', 'hidden_size', 'num_attention_heads']

/** What the model is, and what it reads. */
const modelFacts = (inspection: Inspection): readonly (readonly string[])[] => {
  const { kind, config = {}, vocabulary, maxTokens, scheme, members = [], budgets = {} } = inspection
  const script = inspection.script ?? 'any script'
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

const inWords = (inspection: Inspection): string => {
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
