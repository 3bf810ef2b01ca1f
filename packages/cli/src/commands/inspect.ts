import type { Command } from 'commander'
import { inspectFolder } from '../inspect/inspect-folder.ts'
import { inspectionInWords } from '../inspect/inspection-in-words.ts'
import type { Io } from '../io.ts'
import { MODEL_OPTION, modelFolder } from '../model-folder.ts'

interface Options {
  readonly json?: boolean
}

/** `kic inspect`: the contents of a model's folder and its expected accuracy. */
export const addInspect = (program: Command, io: Io): void => {
  program
    .command('inspect')
    .description('Shows a model: classes, sizes, files, calibration, expected accuracy and guarantees.')
    .argument('[folder]', MODEL_OPTION)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  kic inspect\n  kic inspect runs/first --json')
    .action(async (folder: string | undefined, { json = false }: Options) => {
      const inspection = await inspectFolder(await modelFolder(folder))
      for (const warning of inspection.warnings) io.err(`warning: ${warning}\n`)
      await io.out(json ? `${JSON.stringify(inspection)}\n` : inspectionInWords(inspection))
    })
}
