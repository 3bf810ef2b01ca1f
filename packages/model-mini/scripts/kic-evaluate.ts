import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The figures of `kic evaluate --json` in the card. */
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
 * The result of `kic evaluate`, so that everybody can reproduce the card's figures. The command depends on this package, so it
 * is run, not imported.
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
