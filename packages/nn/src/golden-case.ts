import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { loadSafetensors } from '@kic/safetensors/node'
import type { Tolerance } from './compare-tensor.ts'
import type { NnErrorCode } from './error-code.ts'

/** One tensor's entry in `case.json`. */
export interface GoldenTensor {
  readonly name: string
  readonly role: 'input' | 'output' | 'gradient'
  readonly tolerance: Tolerance
}

/** A reference case: a model's inputs, with the outputs and gradients of another implementation. */
export interface GoldenCase {
  /** For example `02-sequence-classification`. */
  readonly name: string
  readonly title: string
  readonly tensors: readonly GoldenTensor[]
  /** The values of all of them. */
  readonly values: HostTensors
}

/**
 * Reads a folder with `case.json` and the safetensors files that it lists.
 *
 * @param variant the list `tensors_<variant>` of `case.json` instead of `tensors`
 * @throws KicError `nn/golden-case`, `safetensors/…`
 */
export const loadGoldenCase = async (folder: string, variant?: string): Promise<GoldenCase> => {
  const path = join(folder, 'case.json')
  const json: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch((cause: unknown) => {
      throw new KicError<NnErrorCode>('nn/golden-case', `loadGoldenCase: cannot read ${path}: ${cause}`, {
        cause,
      })
    })
  const key = variant === undefined ? 'tensors' : `tensors_${variant}`
  if (!isRecord(json) || !isRecord(json[key])) throw refused(path, `has no object '${key}'`)
  const tensors: GoldenTensor[] = []
  const values: Record<string, HostTensor> = {}
  const files = new Map<string, HostTensors>()
  for (const [name, entry] of Object.entries(json[key])) {
    if (!isRecord(entry)) throw refused(path, `has no object for '${name}'`)
    const { role, file } = entry
    if (role !== 'input' && role !== 'output' && role !== 'gradient')
      throw refused(path, `gives '${name}' the role ${role}`)
    if (typeof file !== 'string') throw refused(path, `names no file for '${name}'`)
    const content = files.get(file) ?? (await loadSafetensors(join(folder, file))).tensors
    files.set(file, content)
    const value = content[name]
    if (value === undefined) throw refused(path, `names '${name}', which ${file} does not hold`)
    values[name] = value
    tensors.push({ name, role, tolerance: toleranceOf(path, name, entry.tolerance) })
  }
  return { name: String(json.case), title: String(json.title), tensors, values }
}

const toleranceOf = (path: string, name: string, tolerance: unknown): Tolerance => {
  if (tolerance === 'exact' || tolerance === 'input, exact') return { atol: 0, rtol: 0 }
  if (isRecord(tolerance) && typeof tolerance.atol === 'number' && typeof tolerance.rtol === 'number') {
    return { atol: tolerance.atol, rtol: tolerance.rtol }
  }
  throw refused(path, `has no tolerance for '${name}' but ${JSON.stringify(tolerance)}`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refused = (path: string, what: string): KicError =>
  new KicError<NnErrorCode>('nn/golden-case', `loadGoldenCase: ${path} ${what}.`)
