import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { checkOutputFolder, writeFileAtomic } from '@kic/core/node'
import { type Command, Option } from 'commander'
import type { CliErrorCode } from '../error-code.ts'
import type { Io } from '../io.ts'

/** The file of a fused classifier. */
const FUSION_FILE = 'fusion.json'
const FORMATS = ['int8', 'float32', 'float16'] as const

interface Options {
  readonly format: readonly (typeof FORMATS)[number][]
  readonly head?: string
  readonly json?: boolean
}

/** `kic export`: ONNX files of a trained classifier. */
export const addExport = (program: Command, io: Io): void => {
  program
    .command('export')
    .description(
      'Writes ONNX files, for kic predict and transformers.js, into the folder of a trained classifier.',
    )
    .argument(
      '<folder>',
      'a folder with config.json or fusion.json, model.safetensors and a tokenizer, as saved by kic train and npm start',
    )
    .addOption(new Option('--format <names...>', 'weight formats').choices([...FORMATS]).default(['int8']))
    .option(
      '--head <name>',
      'standard, mean, or NAME for an installed @kic/heads-NAME; default: the saved head',
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      '\nEnsembles, n-gram models and re-ranked models are ready to run; kic ensemble create --precision chooses the weights of members.\n' +
        '\nExamples:\n  kic export runs/mean --head mean\n  kic export runs/first --format int8 float32',
    )
    .action(async (folder: string, { format, head, json = false }: Options) => {
      const ready = await readyToRun(folder)
      const files = ready === undefined ? await exportModel(folder, format, head, io.signal) : []
      if (ready !== undefined)
        io.err(`${folder} is ${ready}, which is ready to run: there is nothing to export\n`)
      await io.out(json ? `${JSON.stringify({ files })}\n` : files.map((file) => `${file}\n`).join(''))
    })
}

/** What a folder is that runs without ONNX files of its own; `undefined` for a network. */
const readyToRun = async (folder: string): Promise<string | undefined> => {
  const has = (file: string): Promise<boolean> =>
    stat(join(folder, file)).then(
      () => true,
      () => false,
    )
  if ((await has(FUSION_FILE)) || (await has('config.json'))) return undefined
  if (await has('ensemble.json')) return 'an ensemble'
  if (await has('ngram.safetensors')) return 'an n-gram model'
  return (await has('rerank.json')) ? 'a re-ranked model' : undefined
}

const exportModel = async (
  folder: string,
  formats: Options['format'],
  head: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true) {
    throw new KicError<CliErrorCode>(
      'cli/no-model',
      `kic export: the argument must be the folder of a trained classifier, received ${folder}, which is not a folder. Train one with kic train.`,
    )
  }
  const fused = await stat(join(folder, FUSION_FILE)).catch(() => undefined)
  if (fused !== undefined) return exportFusion(folder, formats, signal)
  const [{ sequenceClassifier }, { loadHead, loadPretrained, saveOnnx }] = await Promise.all([
    import('@kic/roberta'),
    import('@kic/roberta/node'),
  ])
  const named = await loadHead(head ?? (await savedHead(folder)))
  const { config, params, missing } = await loadPretrained(folder, { head: named })
  const model = sequenceClassifier(config, named)
  if (missing.length > 0) {
    throw new KicError<CliErrorCode>(
      'cli/not-a-classifier',
      `kic export: the folder must have all parameters of a classifier, received ${folder} without ${missing.length} of them, such as ${missing[0]}. ` +
        'Set --head if the model has another head, or fine-tune the encoder with kic train --from.',
    )
  }
  await checkOutputFolder('kic export', folder)
  signal.throwIfAborted()
  return saveOnnx(folder, { model, params }, { formats })
}

/**
 * ONNX files of a fused classifier, and a `config.json` for what runs them. Its type is none of transformers', because no class
 * there computes the same with the folder's weights.
 */
const exportFusion = async (
  folder: string,
  formats: Options['format'],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const [{ loadFusion }, { saveOnnx }] = await Promise.all([
    import('@kic/hierarchical-fusion/node'),
    import('@kic/roberta/node'),
  ])
  const { model, params } = await loadFusion(folder)
  await checkOutputFolder('kic export', folder)
  signal.throwIfAborted()
  const files = await saveOnnx(folder, { model, params }, { formats })
  const config = { ...model.config, model_type: 'kic-roberta-fusion', architectures: undefined }
  const path = join(folder, 'config.json')
  await writeFileAtomic(path, `${JSON.stringify(config, null, 2)}\n`)
  return [...files, path]
}

/** The name of the saved head, from the model's config. */
const savedHead = async (folder: string): Promise<string> => {
  const { filesIn, readJson } = await import('@kic/predictor/node')
  const config = await readJson(filesIn(folder), 'config.json')
  const { kic }: { readonly kic?: unknown } = Object(config)
  const { head }: { readonly head?: unknown } = Object(kic)
  return typeof head === 'string' ? head : 'standard'
}
