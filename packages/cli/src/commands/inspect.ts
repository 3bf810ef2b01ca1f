import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError, percent, textTable } from '@kic/core'
import { describePreparation, type TextPreparation } from '@kic/data/prepare'
import type { NetworkFolder, NgramFolder } from '@kic/predictor/node'
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
  readonly kind: 'network' | 'ngram'
  readonly classification: string
  readonly levels: readonly string[]
  readonly classes: number
  /** Of a network. */
  readonly vocabulary?: number | undefined
  /** Of a network. */
  readonly maxTokens?: number | undefined
  readonly script: string | null
  readonly preparation: TextPreparation
  /** What the folder leaves out. */
  readonly warnings: readonly string[]
  /** Of a network, its `config.json` without labels; of an n-gram model, its settings without labels. */
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

const THRESHOLDS = [0, 0.5, 0.7, 0.8, 0.9, 0.95]

/** `kic inspect`: the contents of a model's folder and its expected accuracy. */
export const addInspect = (program: Command, io: Io): void => {
  program
    .command('inspect')
    .description('Shows a model’s folder: sizes, classes, files, calibration and expected accuracy.')
    .argument('[folder]', 'folder of a model; default: the bundled model')
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
  const found = await readModelFolder(filesIn(folder), { known: knownNotes })
  const { kind, tree, notes, preparation, warnings } = found
  const { calibration } = notes
  return {
    folder,
    kind,
    ...(found.kind === 'network' ? await inspectNetwork(found) : inspectNgram(found)),
    classification: notes.classification.name,
    levels: tree.levels,
    classes: tree.codes.length,
    script: notes.script?.name ?? null,
    preparation,
    warnings,
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

const inspectNetwork = async ({ name, tokenizer, maxTokens }: NetworkFolder) => {
  const {
    id2label: _,
    label2id: __,
    ...config
  }: Record<string, unknown> = JSON.parse(await readFile(join(name, 'config.json'), 'utf8'))
  return { vocabulary: tokenizer.vocabSize, maxTokens, config }
}

const inspectNgram = ({ settings: { labels: _, ...config } }: NgramFolder) => ({ config })

/** @throws KicError `cli/no-folder` */
const listFiles = async (folder: string): Promise<Inspection['files']> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new KicError<CliErrorCode>(
      'cli/no-folder',
      `kic inspect: the model must be a readable folder, received ${folder}. Check the path and its permissions.`,
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

const readsOf = ({ kind, vocabulary, maxTokens }: Inspection): string =>
  kind === 'network' ? `${vocabulary} pieces, up to ${maxTokens} tokens` : 'character n-grams'

const inWords = (inspection: Inspection): string => {
  const { config, calibration } = inspection
  const facts: (readonly string[])[] = [
    ['folder', inspection.folder],
    [
      'codes',
      `${inspection.classes} classes at the level ${inspection.levels.at(-1)} of ${inspection.classification}`,
    ],
    [
      'model',
      (inspection.kind === 'network' ? NETWORK_SIZES : Object.keys(config))
        .map((key) => `${key} ${config[key]}`)
        .join(', '),
    ],
    ['reads', `${readsOf(inspection)}, ${inspection.script ?? 'any script'}`],
    ['prepares', describePreparation(inspection.preparation)],
    ...inspection.files.map(({ path, bytes }, i) => [
      i === 0 ? 'files' : '',
      `${path}, ${(bytes / 2 ** 20).toFixed(2)} MiB`,
    ]),
    [
      'calibrated',
      calibration === undefined
        ? 'no, confidence is raw; run `kic evaluate --calibrate` to calibrate'
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
