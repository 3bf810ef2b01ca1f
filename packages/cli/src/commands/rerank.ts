import { checkOutputFolder } from '@kic/core/node'
import type { Precision } from '@kic/predictor'
import type { Command } from 'commander'
import { knownNotes, languageOf } from '../default-classification.ts'
import { precisionOption } from '../input/precision-option.ts'
import type { Io } from '../io.ts'
import { modelFolder } from '../model-folder.ts'
import { positiveInteger, positiveNumber } from '../parse-arguments.ts'

interface Options {
  readonly output: string
  readonly candidates: number
  readonly weight: number
  readonly precision?: Precision
  readonly licence?: string
  readonly json?: boolean
}

/** `kic ensemble rerank`: a model and a pair model that reorders its best classes. */
export const addRerank = (ensemble: Command, io: Io): void => {
  ensemble
    .command('rerank')
    .description(
      'Packs a model and a pair model, which reorders the best classes of the first by their names, into the folder of one model.',
    )
    .argument(
      '<model>',
      'folder of the model that finds candidates, or an installed package with one: a network with ONNX files or an n-gram model',
    )
    .argument('<pairs>', 'folder of a pair model of @kic/negative-sampling, as saveClassifier writes it')
    .requiredOption('-o, --output <folder>', 'folder for the re-ranked model')
    .option(
      '--candidates <n>',
      'number of best classes that are reordered; each costs a forward pass',
      positiveInteger,
      5,
    )
    .option(
      '--weight <n>',
      'weight of a pair’s log-probability beside the first model’s; choose it on validation rows',
      positiveNumber,
      1,
    )
    .addOption(precisionOption('weights of networks; default: the fastest of each'))
    .option('--licence <name>', 'SPDX name for the model card')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      '\nThe confidence is not yet calibrated: kic calibrate does that.\n' +
        '\nExamples:\n  kic ensemble rerank runs/a/baseline runs/pairs -o runs/reranked --candidates 5\n' +
        '  kic calibrate -m runs/reranked -i held-out.tsv\n' +
        '  kic predict -m runs/reranked -i answers.txt -o coded.csv',
    )
    .action(async (retriever: string, pairs: string, { output, licence, json, ...settings }: Options) => {
      await checkOutputFolder('kic ensemble rerank', output)
      const { filesIn, packReranker, readModelFolder } = await import('@kic/predictor/node')
      const model = await modelFolder(retriever)
      const { notes } = await readModelFolder(filesIn(model), { known: knownNotes })
      io.signal.throwIfAborted()
      const card = { licence, language: languageOf(notes.script) }
      await packReranker(output, { retriever: model, pairs, ...settings, known: knownNotes, card })
      const { candidates, weight } = settings
      await io.out(
        json === true
          ? `${JSON.stringify({ retriever, pairs, candidates, weight })}\n`
          : `saved in ${output}; kic calibrate -m ${output} -i FILES calibrates it, kic predict --model ${output} runs it\n`,
      )
    })
}
