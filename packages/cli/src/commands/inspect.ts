import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Classification } from '@kic/classification'
import { KicError, percent, textTable } from '@kic/core'
import { describePreparation, type TextPreparation } from '@kic/data/prepare'
import { type Expectation, expectationAt } from '@kic/scores'
import type { Command } from 'commander'
import { knownNotes } from '../default-classification.ts'
import { defaultModel } from '../default-model.ts'
import type { CliErrorCode } from '../error-code.ts'
import type { Io } from '../io.ts'

interface Options {
  readonly json?: boolean
}

/** The contents of a model's folder. */
interface Inspection {
  readonly folder: string
  readonly classification: string
  readonly levels: readonly string[]
  readonly classes: number
  /** Labels of one's own: classes whose codes are their names. */
  readonly labels?: readonly string[] | undefined
  readonly vocabulary: number
  readonly maxTokens: number
  readonly script: string | null
  readonly preparation: TextPreparation
  /** What the folder leaves out. */
  readonly warnings: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly calibration?: {
    readonly temperature: number
    readonly on: string
    readonly rows: number
    /** At some thresholds of confidence. */
    readonly expectations: readonly Expectation[]
  }
}

/** Labels shown. */
const SHOWN = 20

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95]

/** `kic inspect`: the contents of a model's folder and its expected accuracy. */
export const addInspect = (program: Command, io: Io): void => {
  program
    .command('inspect')
    .description('Shows a model: classes, sizes, files, calibration and expected accuracy.')
    .argument('[folder]', 'model folder; default: the bundled model')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  kic inspect\n  kic inspect runs/first --json')
    .action(async (folder: string | undefined, { json = false }: Options) => {
      const inspection = await inspect(folder ?? (await defaultModel()))
      for (const warning of inspection.warnings) io.err(`warning: ${warning}\n`)
      await io.out(json ? `${JSON.stringify(inspection)}\n` : inWords(inspection))
    })
}

const inspect = async (folder: string): Promise<Inspection> => {
  const { filesIn, readModelFolder } = await import('@kic/predictor/node')
  const files = await listFiles(folder)
  const { tree, notes, tokenizer, preparation, warnings, maxTokens } = await readModelFolder(
    filesIn(folder),
    { known: knownNotes },
  )
  const {
    id2label: _,
    label2id: __,
    ...config
  }: Record<string, unknown> = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  const { calibration } = notes
  return {
    folder,
    classification: notes.classification.name,
    levels: tree.levels,
    classes: tree.codes.length,
    labels: ownLabels(notes.classification),
    vocabulary: tokenizer.vocabSize,
    maxTokens,
    script: notes.script?.name ?? null,
    preparation,
    warnings,
    config,
    files,
    ...(calibration === undefined
      ? {}
      : {
          calibration: {
            temperature: calibration.temperature,
            on: calibration.on,
            rows: calibration.curve.rows,
            expectations: THRESHOLDS.map((threshold) => expectationAt(calibration.curve, threshold)),
          },
        }),
  }
}

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
      `kic inspect: the model must be a readable folder, received ${folder}. Check the path; of an ensemble, inspect the models.`,
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

const inWords = (inspection: Inspection): string => {
  const { config, calibration } = inspection
  const facts: (readonly string[])[] = [
    ['folder', inspection.folder],
    ['classes', describeClasses(inspection)],
    [
      'model',
      `${config.model_type}: layers ${config.num_hidden_layers}, hidden size ${config.hidden_size}, attention heads ${config.num_attention_heads}`,
    ],
    [
      'input',
      `${inspection.vocabulary} tokens in the vocabulary, up to ${inspection.maxTokens} per text, ${inspection.script ?? 'any script'}`,
    ],
    ['preparation', describePreparation(inspection.preparation)],
    ...inspection.files.map(({ path, bytes }, i) => [
      i === 0 ? 'files' : '',
      `${path}, ${describeSize(bytes)}`,
    ]),
    [
      'calibration',
      calibration === undefined
        ? 'none, confidence is raw; run kic evaluate --calibrate'
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
  return `${textTable(facts)}\n${textTable([['review below', 'automatic', ...inspection.levels], ...rows])}`
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
