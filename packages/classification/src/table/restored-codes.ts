/** Codes of a level as cells have them, by what they are with the zeros that a spreadsheet took. */
export type Restored = ReadonlyMap<string, string>

const numeric = /^(\d+)(?:\.(\d+))?$/

const digits = (code: string): string => code.replace('.', '')

interface NumericLevel {
  readonly codes: readonly string[]
  /** Each code with as many digits as the longest one has. */
  readonly padded: readonly string[]
}

/** A level whose codes are all numbers; '1.1' among codes such as '01.10' is 01.10, as it is no text any more. */
const numericLevel = (codes: readonly string[]): NumericLevel | undefined => {
  const parts = codes.map((code) => numeric.exec(code))
  if (parts.length === 0 || parts.some((part) => part === null)) return undefined
  const width = Math.max(...parts.map((part) => part?.[1]?.length ?? 0))
  const places = Math.max(...parts.map((part) => part?.[2]?.length ?? 0))
  const padded = parts.map((part) => {
    const whole = (part?.[1] ?? '').padStart(width, '0')
    return places === 0 ? whole : `${whole}.${(part?.[2] ?? '').padEnd(places, '0')}`
  })
  return { codes, padded }
}

/** Whether every code of the finer levels begins with one of the level above. */
const nested = (levels: readonly (readonly string[])[], keyOf: (code: string) => string): boolean =>
  levels.every((fine, i) => {
    const above = levels[i - 1]
    if (above === undefined) return true
    const keys = new Set(above.map(keyOf))
    return fine.every((code) => {
      const key = keyOf(code)
      for (let length = key.length - 1; length > 0; length--) if (keys.has(key.slice(0, length))) return true
      return false
    })
  })

const NOTHING: Restored = new Map()

/**
 * Restores the zeros of codes that a spreadsheet made numbers, at each level. Only where it is certain: the levels, which
 * are known, hold numbers of different lengths, and as equally long ones each begins with a code of the level above. Codes
 * such as '1', '1.1', '1.10', which nest as they are, stay so, and so do levels of numbers that nothing compares with.
 *
 * @param levels the codes of each level, coarsest first
 */
export const restoredCodes = (levels: readonly (readonly string[])[]): readonly Restored[] => {
  const found = levels.map(numericLevel)
  const result: Restored[] = levels.map(() => NOTHING)
  for (let start = 0; start < found.length; start++) {
    const run: NumericLevel[] = []
    for (const level of found.slice(start)) {
      if (level === undefined) break
      run.push(level)
    }
    if (run.length > 1 && certain(run))
      run.forEach(({ codes, padded }, i) => {
        result[start + i] = new Map(
          codes.flatMap((code, c) => (code === padded[c] ? [] : [[code, padded[c] ?? code]])),
        )
      })
    start += run.length
  }
  return result
}

const certain = (run: readonly NumericLevel[]): boolean => {
  const codes = run.map((level) => level.codes)
  const padded = run.map((level) => level.padded)
  const pointed = codes.flat().some((code) => code.includes('.'))
  return (
    codes.some((level, i) => level.some((code, c) => code !== padded[i]?.[c])) &&
    !(pointed && nested(codes, (code) => `${code}.`)) &&
    nested(padded, digits)
  )
}
