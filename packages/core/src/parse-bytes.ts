import type { CoreErrorCode } from './error-code.ts'
import { KicError } from './kic-error.ts'

const UNITS: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

/**
 * The number of bytes in a text such as `8GiB`, `500 MB` or `1.5 GB`.
 *
 * @throws KicError `core/bytes`
 */
export const parseBytes = (text: string): number => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]i?B)$/.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit] ?? Number.NaN)
  if (bytes > 0) return bytes
  throw new KicError<CoreErrorCode>(
    'core/bytes',
    `parseBytes: an amount of memory must look like 8GiB, 500MiB or 8GB, received '${text}'. Correct it.`,
  )
}
