import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KicError } from '@kic/core'
import type { Engine } from '@kic/engine'
import { compareTensor, loadGoldenCase } from '@kic/nn/testing'
import type { ParityCase } from './parity-case.ts'

export interface Failure {
  readonly tensor: string
  /** Error over tolerance. */
  readonly ratio: number
  /** The worst element: value here, place, value expected. */
  readonly worst: string
}

/** One case on one engine. */
export interface ParityResult {
  readonly case: string
  readonly engine: Engine['name']
  /** Tensors compared. */
  readonly tensors: number
  /** Largest error over tolerance: at most 1 passes. Infinite, `null` in JSON, where something was not computed. */
  readonly worstRatio: number
  readonly pass: boolean
  readonly failures: readonly Failure[]
  /** What stopped the computation, if it did not finish. */
  readonly error?: string | undefined
}

/**
 * The case folders in a folder, in the order of their names.
 *
 * @throws KicError `parity/no-cases`
 */
export const findCases = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new KicError('parity/no-cases', `findCases: cannot read the folder ${folder}.`, { cause })
  })
  const found: string[] = []
  for (const entry of entries.sort()) {
    const path = join(folder, entry)
    if (
      await stat(join(path, 'case.json')).then(
        () => true,
        () => false,
      )
    )
      found.push(path)
  }
  if (found.length === 0) {
    throw new KicError('parity/no-cases', `findCases: no folder in ${folder} holds a case.json.`)
  }
  return found
}

/** What `case.json` calls the case. */
export const caseName = async (folder: string): Promise<string> => {
  const json: unknown = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8'))
  const named = typeof json === 'object' && json !== null && 'case' in json && typeof json.case === 'string'
  return named ? String(json.case) : basename(folder)
}

/** The implementation of a case, by the number that its name begins with. */
export const coverageOf = (name: string, cases: readonly ParityCase[]): ParityCase | undefined =>
  cases.find(({ id }) => name.startsWith(`${id}-`))

/** Computes a case on an engine and compares every output and gradient that it lists. */
export const runCase = async (
  folder: string,
  parityCase: ParityCase,
  engine: Engine,
): Promise<ParityResult> => {
  const result = { case: await caseName(folder), engine: engine.name }
  try {
    let [tensors, worstRatio] = [0, 0]
    const failures: Failure[] = []
    for (const variant of [undefined, ...(parityCase.variants ?? [])]) {
      const golden = await loadGoldenCase(folder, variant)
      const listed = golden.tensors.filter(({ role }) => role !== 'input')
      const actual = await parityCase.compute(golden, folder, engine, variant)
      tensors += listed.length
      for (const { name, tolerance } of listed) {
        const expected = golden.values[name]
        if (expected === undefined) continue
        const { ratio, pass, worst } = compareTensor(actual[name], expected, tolerance)
        worstRatio = Math.max(worstRatio, ratio)
        if (!pass)
          failures.push({ tensor: variant === undefined ? name : `${variant}: ${name}`, ratio, worst })
      }
    }
    const pass = failures.length === 0 && tensors > 0
    return { ...result, tensors, worstRatio, pass, failures }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    return { ...result, tensors: 0, worstRatio: Number.POSITIVE_INFINITY, pass: false, failures: [], error }
  }
}
