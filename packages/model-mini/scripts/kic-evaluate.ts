import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The part of what `kic evaluate --json` prints that the card shows. */
export interface Figures {
  readonly rows: number
  /** By level name. */
  readonly levels: Readonly<Record<string, { readonly accuracy: number; readonly macroF1: number }>>
  readonly top3: number
  readonly calibrationError: number
  readonly expectations: readonly {
    readonly reviewBelow: number
    readonly automatic: number
    readonly accuracy: Readonly<Record<string, { readonly accuracy: number }>>
  }[]
}

const kic = join(import.meta.dirname, '../../cli/bin/kic.js')

/**
 * What `kic evaluate` says of a model: the card's figures are those that anybody can have printed. The command is run, not
 * imported, as it depends on this package.
 */
export const kicEvaluate = async (folder: string, args: readonly string[]): Promise<Figures> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    kic,
    'evaluate',
    ...args,
    '--model',
    folder,
    '--json',
  ])
  const figures: Figures = JSON.parse(stdout)
  return figures
}
