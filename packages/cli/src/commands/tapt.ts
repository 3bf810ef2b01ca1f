import { KicError } from '@kic/core'
import type { Command } from 'commander'
import { errStream } from '../err-stream.ts'
import type { CliErrorCode } from '../error-code.ts'
import { READABLE } from '../input/reading-options.ts'
import type { Io } from '../io.ts'
import { addTrainingOptions, givenSizes, type TrainingOptions, trainInto } from '../train/training-options.ts'
import { unlabelledRows } from '../train/unlabelled-rows.ts'

interface Options extends TrainingOptions {
  readonly lines?: boolean
  readonly json?: boolean
}

/** `kic tapt`: pretrains an encoder on the task's own texts. */
export const addTapt = (program: Command, io: Io): void => {
  const command = program
    .command('tapt')
    .description('Pretrains an encoder on the task’s own texts by predicting masked tokens. Needs no labels.')
    .argument('<files...>', 'texts, in any format that kic predict reads')
  addTrainingOptions(command, { epochs: 10, columns: 'text=Description' })
    .option('--lines', 'read one text per line, without a header')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `${READABLE} Labels are ignored.\n` +
        '\nExamples:\n  kic tapt answers.txt -o runs/pretrained\n' +
        '  kic tapt january.xlsx february.xlsx -o runs/pretrained --columns text=Description\n' +
        '  kic tapt answers.txt -o runs/klue --from klue/roberta-small --batch-size 32\n' +
        '  kic train answers.txt -o runs/first --from runs/pretrained',
    )
    .action(async (files: readonly string[], options: Options) => {
      const result = await trainInto('kic tapt', options, () => pretrain(files, options, io))
      await io.out(
        options.json === true
          ? `${JSON.stringify(result)}\n`
          : `perplexity on held-out texts: ${result.perplexity.toFixed(1)}\n` +
              `saved in ${result.folder}; kic train --from ${result.folder} fine-tunes it\n`,
      )
    })
}

interface Result {
  readonly folder: string
  readonly texts: number
  readonly perplexity: number
}

/** One text in this many is held out. */
const HELD_OUT = 20

const pretrain = async (files: readonly string[], options: Options, io: Io): Promise<Result> => {
  const [
    {
      chooseRate,
      describeRate,
      parseEncoderSizes,
      preparationFor,
      preparedRows,
      progressOutput,
      saveEncoder,
      startingEncoder,
      startingFolder,
    },
    { selectEngine },
    { fromScratchTapt, tapt },
    { progress },
    { withReading },
  ] = await Promise.all([
    import('@kic/classifier'),
    import('@kic/engine'),
    import('@kic/tapt'),
    import('@kic/trainer/node'),
    import('../train/with-reading.ts'),
  ])
  const output = progressOutput(errStream(io))
  const folder = await startingFolder(options.from, output)
  const preparation = await preparationFor(folder, output)
  const format = options.lines === true ? 'lines' : 'auto'
  const rows = await unlabelledRows('kic tapt', files, options, format, io)
  const given = options.reading === undefined ? undefined : parseEncoderSizes(givenSizes(options))
  const chosen = withReading('kic tapt', { from: folder, encoder: given }, rows, options, io)
  const sizes = chosen.encoder ?? parseEncoderSizes({})
  const distinct = [...new Set(preparedRows(rows, preparation, output).map(({ text }) => text))]
  const heldOut = distinct.filter((_, i) => i % HELD_OUT === HELD_OUT - 1)
  const training = distinct.filter((_, i) => i % HELD_OUT !== HELD_OUT - 1)
  if (heldOut.length === 0) {
    throw new KicError<CliErrorCode>(
      'cli/few-rows',
      `kic tapt: one text in ${HELD_OUT} is held out, received ${distinct.length} distinct texts. Provide at least ${HELD_OUT}.`,
    )
  }
  const engine = await selectEngine(options.engine)
  try {
    io.err(`${training.length} distinct texts, ${heldOut.length} held out; engine: ${engine.description}\n`)
    if (folder === undefined) io.err('learning a vocabulary\n')
    const { tokenizer, config, encoder } = await startingEncoder({ from: folder, texts: training, sizes })
    const { epochs, batchSize, seed } = options
    const hidden = folder === undefined ? undefined : config.hidden_size
    const { learningRate, ...rate } = chooseRate(options.learningRate, hidden)
    io.err(
      `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, batches of ${batchSize}, ${describeRate({ learningRate, ...rate })}\n`,
    )
    const result = await tapt({
      engine,
      config,
      tokenizer,
      texts: training,
      heldOut,
      preparation,
      ...(folder !== undefined && { checkpoint: encoder }),
      preset: { ...fromScratchTapt, epochs, batchSize, learningRate },
      unmaskable: 'leave-out',
      callbacks: [progress({ label: 'tapt', stream: errStream(io) })],
      signal: io.signal,
      seed,
    })
    io.signal.throwIfAborted()
    await saveEncoder(options.output, { config, params: result.params, tokenizer }, preparation)
    return {
      folder: options.output,
      texts: training.length,
      perplexity: result.evaluations.at(-1)?.perplexity ?? Number.NaN,
    }
  } finally {
    engine.dispose()
  }
}
