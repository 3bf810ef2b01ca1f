import { isKicError } from '@kic/core'
import { Command } from 'commander'
import { trainRun } from './train-run.ts'

interface Options {
  readonly output: string
  readonly resume?: boolean
  readonly wandb?: string
}

await new Command('npm run train --')
  .description(
    'Trains one classifier as a JSON file says; given the run.json of a run, repeats it and compares.',
  )
  .argument('<file>', 'a config, such as examples/competition/configs/small.json, or a run.json')
  .option('--output <folder>', 'where run.json, logs, checkpoints and the model go', 'output/train')
  .option('--resume', 'go on from the newest whole checkpoint in the output folder')
  .option('--wandb <project>', 'report to Weights & Biases; WANDB_MODE=offline keeps a file instead')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npm run train -- examples/competition/configs/small.json --output output/first\n' +
      '  npm run train -- output/first/run.json --output output/again',
  )
  .action(async (file: string, { resume = false, ...options }: Options) => {
    process.exitCode = (await trainRun({ file, resume, ...options, say: console.log })) ? 0 : 1
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `error: ${error.message}` : error)
    process.exitCode = 1
  })
