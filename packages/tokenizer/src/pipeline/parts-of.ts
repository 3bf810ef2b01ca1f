import { asArray, asObject, type JsonObject, own } from '../json-shape.ts'
import { unsupported } from './refuse.ts'

const MAX_DEPTH = 8

/** The parts of a `Sequence`, each with the place where it was found, read by `read`. */
export const partsOf = <T>(
  section: JsonObject,
  key: string,
  where: string,
  depth: number,
  read: (part: JsonObject, where: string, depth: number) => T,
): T[] => {
  if (depth >= MAX_DEPTH) {
    throw unsupported(
      where,
      `a Sequence of at most ${MAX_DEPTH} levels`,
      '…',
      'Write its parts in one Sequence.',
    )
  }
  return asArray(own(section, key), `${where}.${key}`).map((part, i) => {
    const place = `${where}.${key}[${i}]`
    return read(asObject(part, place), place, depth + 1)
  })
}
