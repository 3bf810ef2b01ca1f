import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** The answers of `kic predict -m FOLDER` to texts, for a model of plain labels. */
export const predictByCommand = async (
  model: string,
  texts: readonly string[],
): Promise<readonly { readonly code: string; readonly confidence: number }[]> => {
  const kic = join(dirname(createRequire(import.meta.url).resolve('@kic/cli/package.json')), 'bin/kic.js')
  const given = [kic, 'predict', '-m', model, '--json', ...texts]
  const { stdout } = await promisify(execFile)(process.execPath, given)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ codes, confidence }) => ({ code: codes.label.code, confidence }))
}
