import { stat } from 'node:fs/promises'
import { KicError } from '@kic/core'
import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { checkOutputFolder } from '../preflight.ts'

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
      'Writes ONNX files into the folder of a trained classifier: what kic predict and transformers.js run.',
    )
    .argument(
      '<folder>',
      'config.json, model.safetensors and tokenizer, as kic train and npm start save them',
    )
    .addOption(
      new Option('--format <names...>', 'how weights are stored').choices([...FORMATS]).default(['int8']),
    )
    .option(
      '--head <name>',
      'the model’s head: standard, mean, or the x of an installed @kic/heads-x; default: as saved',
    )
    .option('--json', 'one JSON object instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  kic export runs/mean --head mean\n  kic export runs/first --format int8 float32',
    )
    .action(async (folder: string, { format, head, json = false }: Options) => {
      const files = await exportModel(folder, format, head)
      await io.out(json ? `${JSON.stringify({ files })}\n` : files.map((file) => `${file}\n`).join(''))
    })
}

const exportModel = async (
  folder: string,
  formats: Options['format'],
  head: string | undefined,
): Promise<readonly string[]> => {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true) {
    throw new KicError(
      'cli/no-model',
      `kic export: the folder of a trained classifier is needed, received ${folder}, which is none. Train one with kic train.`,
    )
  }
  const [{ sequenceClassifier }, { loadHead, loadPretrained, saveOnnx }] = await Promise.all([
    import('@kic/roberta'),
    import('@kic/roberta/node'),
  ])
  const named = await loadHead(head ?? (await savedHead(folder)))
  const { config, params, missing } = await loadPretrained(folder, { head: named })
  const model = sequenceClassifier(config, named)
  if (missing.length > 0) {
    throw new KicError(
      'cli/not-a-classifier',
      `kic export: ${folder} lacks ${missing.length} parameters of a classifier, ${missing[0]} for one; ` +
        'was it saved with another head (--head), or is it an encoder that was not fine-tuned?',
    )
  }
  await checkOutputFolder('kic export', folder)
  return saveOnnx(folder, { model, params }, { formats })
}

/** The head that the model was saved with, as its config names it. */
const savedHead = async (folder: string): Promise<string> => {
  const { filesIn, readJson } = await import('@kic/predictor/node')
  const config = await readJson(filesIn(folder), 'config.json')
  const { kic }: { readonly kic?: unknown } = Object(config)
  const { head }: { readonly head?: unknown } = Object(kic)
  return typeof head === 'string' ? head : 'standard'
}
